using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Mixed;

/// <summary>Cholesky factors of small symmetric matrices, row-major, in place, with a fixed order of operations.</summary>
internal static class SmallCholesky
{
    /// <summary>Replaces A by L with A = L L' (its lower triangle); returns ln |A|, NaN if A is not positive definite.</summary>
    public static double Factor(Span<double> matrix, int size)
    {
        var log = 0.0;
        for (var j = 0; j < size; j++)
        {
            for (var i = j; i < size; i++)
            {
                var sum = matrix[(i * size) + j];
                for (var k = 0; k < j; k++)
                    sum -= matrix[(i * size) + k] * matrix[(j * size) + k];
                matrix[(i * size) + j] = i == j ? Math.Sqrt(sum) : sum / matrix[(j * size) + j];
            }
            log += 2 * ReproducibleMath.Log(matrix[(j * size) + j]);
        }
        return log;
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
