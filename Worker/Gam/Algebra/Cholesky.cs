using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Algebra;

/// <summary>The Cholesky factor L (lower) of a symmetric positive definite matrix, with its inverse.</summary>
/// <remarks>Golub and Van Loan 2013, §4.2.</remarks>
internal static class Cholesky
{
    /// <summary>Overwrites the lower triangle with L; false if the matrix is not positive definite.</summary>
    public static bool TryFactor(DenseMatrix matrix)
    {
        for (var j = 0; j < matrix.Rows; j++)
        {
            var rowJ = matrix.Row(j);
            var pivot = rowJ[j];
            for (var k = 0; k < j; k++)
                pivot -= rowJ[k] * rowJ[k];
            if (!(pivot > 0))
                return false;
            rowJ[j] = Math.Sqrt(pivot);
            for (var i = j + 1; i < matrix.Rows; i++)
            {
                var rowI = matrix.Row(i);
                var sum = rowI[j];
                for (var k = 0; k < j; k++)
                    sum -= rowI[k] * rowJ[k];
                rowI[j] = sum / rowJ[j];
            }
        }
        return true;
    }

    /// <summary>The logarithm of the determinant of <c>L Lᵀ</c>.</summary>
    public static double LogDeterminant(DenseMatrix factor)
    {
        var sum = 0.0;
        for (var i = 0; i < factor.Rows; i++)
            sum += ReproducibleMath.Log(factor[i, i]);
        return 2 * sum;
    }

    /// <summary>Writes <c>L⁻¹</c> (lower, zeros above).</summary>
    public static void InvertFactor(DenseMatrix factor, DenseMatrix inverse)
    {
        Array.Clear(inverse.Values);
        for (var j = 0; j < factor.Rows; j++)
        {
            inverse[j, j] = 1 / factor[j, j];
            for (var i = j + 1; i < factor.Rows; i++)
            {
                var sum = 0.0;
                for (var k = j; k < i; k++)
                    sum += factor[i, k] * inverse[k, j];
                inverse[i, j] = -sum / factor[i, i];
            }
        }
    }

    /// <summary>Writes <c>(L Lᵀ)⁻¹ = L⁻ᵀ L⁻¹</c>.</summary>
    public static void Invert(DenseMatrix factor, DenseMatrix scratch, DenseMatrix inverse)
    {
        InvertFactor(factor, scratch);
        var n = factor.Rows;
        for (var i = 0; i < n; i++)
        for (var j = 0; j <= i; j++)
        {
            var sum = 0.0;
            for (var k = i; k < n; k++)
                sum += scratch[k, i] * scratch[k, j];
            inverse[i, j] = inverse[j, i] = sum;
        }
    }
}
