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
}
