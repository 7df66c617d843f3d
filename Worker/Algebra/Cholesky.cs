using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Algebra;

/// <summary>
/// The Cholesky factor L (lower) of a small symmetric positive definite matrix, row-major, with a fixed order of operations; what follows
/// from it.
/// </summary>
/// <remarks>Golub and Van Loan 2013, §4.2.</remarks>
internal static class Cholesky
{
    /// <summary>Overwrites the lower triangle with L; false if the matrix is not positive definite.</summary>
    public static bool TryFactor(DenseMatrix matrix) => TryFactor(matrix.Values, matrix.Rows);

    /// <summary>The same for a matrix of <paramref name="size"/> rows in other memory.</summary>
    public static bool TryFactor(Span<double> matrix, int size)
    {
        for (var j = 0; j < size; j++)
        {
            var rowJ = matrix.Slice(j * size, size);
            var pivot = rowJ[j];
            for (var k = 0; k < j; k++)
                pivot -= rowJ[k] * rowJ[k];
            if (!(pivot > 0))
                return false;
            rowJ[j] = Math.Sqrt(pivot);
            for (var i = j + 1; i < size; i++)
            {
                var rowI = matrix.Slice(i * size, size);
                var sum = rowI[j];
                for (var k = 0; k < j; k++)
                    sum -= rowI[k] * rowJ[k];
                rowI[j] = sum / rowJ[j];
            }
        }
        return true;
    }

    /// <summary>ln |L L'|.</summary>
    public static double LogDeterminant(ReadOnlySpan<double> factor, int size)
    {
        var log = 0.0;
        for (var j = 0; j < size; j++)
            log += 2 * ReproducibleMath.Log(factor[(j * size) + j]);
        return log;
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

    /// <summary>Solves L x = b in place; returns x'x.</summary>
    public static double SolveLower(ReadOnlySpan<double> factor, int size, Span<double> values)
    {
        var squares = 0.0;
        for (var i = 0; i < size; i++)
        {
            var sum = values[i];
            for (var k = 0; k < i; k++)
                sum -= factor[(i * size) + k] * values[k];
            values[i] = sum / factor[(i * size) + i];
            squares += values[i] * values[i];
        }
        return squares;
    }

    /// <summary>Solves L' x = b in place.</summary>
    public static void SolveUpper(ReadOnlySpan<double> factor, int size, Span<double> values)
    {
        for (var i = size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < size; k++)
                values[i] -= factor[(k * size) + i] * values[k];
            values[i] /= factor[(i * size) + i];
        }
    }
}
