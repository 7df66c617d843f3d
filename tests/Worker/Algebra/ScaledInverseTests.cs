using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Tests.Algebra;

public sealed class ScaledInverseTests
{
    // Registers hold four entries, and three of them are swept at once: sizes with and without remainders of either.
    [Fact]
    public void The_product_with_the_matrix_is_the_identity_for_every_size()
    {
        for (var size = 1; size <= 29; size++)
        {
            var matrix = PositiveDefinite(size);
            double[] diagonal = [.. Enumerable.Range(0, size).Select(i => 0.1 * i)];
            var inverse = new ScaledInverse(size);
            var determinant = inverse.Invert(matrix, diagonal);
            for (var i = 0; i < size; i++)
                matrix[i, i] += diagonal[i];
            for (var i = 0; i < size; i++)
            for (var j = 0; j < size; j++)
            {
                var sum = 0.0;
                for (var l = 0; l < size; l++)
                    sum += inverse.Row(i)[l] * matrix[l, j];
                sum.ShouldBe(i == j ? 1 : 0, 1e-12, $"{size}: {i}, {j}");
            }
            Cholesky.TryFactor(matrix).ShouldBeTrue();
            determinant.ShouldBe(2 * Enumerable.Range(0, size).Sum(i => ReproducibleMath.Log(matrix[i, i])), 1e-12 * size);
        }
    }

    [Fact]
    public void A_singular_matrix_has_no_determinant()
    {
        var matrix = new DenseMatrix(5, 5);
        Array.Fill(matrix.Values, 1);
        double.IsNaN(new ScaledInverse(5).Invert(matrix, new double[5])).ShouldBeTrue();
    }

    private static DenseMatrix PositiveDefinite(int size)
    {
        var matrix = new DenseMatrix(size, size);
        for (var i = 0; i < size; i++)
        for (var j = 0; j < size; j++)
            matrix[i, j] = (i == j ? 2 : 0) + (1.0 / (1 + Math.Abs(i - j)));
        return matrix;
    }
}
