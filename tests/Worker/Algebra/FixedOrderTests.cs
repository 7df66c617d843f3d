using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Tests.Algebra;

public sealed class FixedOrderTests
{
    [Fact]
    public void Combinations_have_the_bits_of_one_row_added_after_the_other()
    {
        for (var columns = 0; columns <= 41; columns++)
        for (var rows = 0; rows <= 5; rows++)
        {
            double[] factors = [.. Enumerable.Range(0, rows).Select(l => 1.1 - (0.7 * l))];
            double[] values = [.. Enumerable.Range(0, rows * columns).Select(i => 1 / (3.0 + i))];
            double[] target = [.. Enumerable.Range(0, columns).Select(j => 0.3 * j)];
            double[] expected = [.. target];
            var fromZero = new double[columns];
            for (var l = 0; l < rows; l++)
            for (var j = 0; j < columns; j++)
            {
                expected[j] += factors[l] * values[(l * columns) + j];
                fromZero[j] += factors[l] * values[(l * columns) + j];
            }
            FixedOrder.AddCombined(factors, values, target);
            target.ShouldBe(expected, $"{rows} rows of {columns}");
            FixedOrder.Combine(factors, values, target);
            target.ShouldBe(fromZero, $"{rows} rows of {columns}");
        }
    }
}
