using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;
using HpcFit.Worker.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace HpcFit.Worker.Tests.Gam;

public class LargestEigenpairsTests
{
    [Theory]
    [InlineData(40, 4)]
    [InlineData(200, 10)]
    public void Pairs_of_a_cubic_radial_matrix_equal_the_full_decomposition(int n, int count)
    {
        var matrix = new DenseMatrix(n, n);
        for (var i = 0; i < n; i++)
        for (var j = 0; j < n; j++)
        {
            var r = Math.Abs(Math.Sqrt(i * 3.7) - Math.Sqrt(j * 3.7));
            matrix[i, j] = r * r * r / 12;
        }
        var (values, vectors) = LargestEigenpairs.Compute(matrix, count);
        ManagedAlgebra.Use();
        double[] all =
        [
            .. Matrix<double>.Build.Dense(n, n, (i, j) => matrix[i, j]).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real),
        ];
        var expected = all.OrderByDescending(Math.Abs).Take(count).OrderDescending().ToArray();
        var size = all.Max(Math.Abs);
        for (var j = 0; j < count; j++)
        {
            values[j].ShouldBe(expected[j], 1e-12 * size);
            for (var i = 0; i < n; i++)
            {
                var product = 0.0;
                for (var l = 0; l < n; l++)
                    product += matrix[i, l] * vectors[l, j];
                product.ShouldBe(values[j] * vectors[i, j], 1e-12 * size);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Products_by_sums_of_powers_equal_those_of_the_matrix(int power)
    {
        double[] points = [.. Enumerable.Range(0, 60).Select(i => 5 + Math.Sqrt(i * 3.7))];
        double[] vector = [.. Enumerable.Range(0, 60).Select(i => Math.Sin(i * i))];
        var product = new double[60];
        new OddPowerDistances(points, power, 0.25).Multiply(vector, product);
        for (var i = 0; i < 60; i++)
        {
            var expected = points.Select((x, j) => 0.25 * Math.Pow(Math.Abs(points[i] - x), power) * vector[j]).Sum();
            product[i].ShouldBe(expected, 1e-13 * Math.Pow(15, power) * 60);
        }
    }
}
