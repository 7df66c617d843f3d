using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Tests.Distributions;

/// <summary>The tabulated tail against direct computation, over the whole range and at its edges.</summary>
public class TabulatedTailTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 30)]
    [InlineData(1, 996)]
    [InlineData(1, 39990)]
    [InlineData(2, 17)]
    [InlineData(3, 996)]
    [InlineData(8, 250)]
    [InlineData(20, 996)]
    public void It_agrees_with_the_tail_over_the_whole_range(double d1, double d2)
    {
        var table = TabulatedTail.TryCreate(d1, d2)!;
        var tail = new FisherFTail(d1, d2);
        var worst = 0.0;
        for (var i = 1; i < 70_000; i++)
        {
            var s = i * 0.000937;
            var expected = tail.P(s * s, (s - 1) * (s + 1));
            // An absolute error of ln P is a relative error of P, limited by the digits of the logarithm.
            if (expected > 1e-300)
                worst = Math.Max(worst, Math.Abs(table.P(s, isRoot: true) - expected) / expected / (1 - Math.Log(expected)));
        }
        worst.ShouldBeInRange(1e-17, 1.2e-14);
    }

    [Fact]
    public void A_batch_gives_the_bits_of_single_values_and_leaves_the_statistics()
    {
        foreach (var (d1, d2) in new[] { (1.0, 996.0), (3.0, 41.0) })
        {
            var table = TabulatedTail.TryCreate(d1, d2)!;
            double[] statistics =
            [
                .. Enumerable.Range(-700, 1501).Select(i => i * 0.0973),
                0,
                -0.0,
                double.NaN,
                double.PositiveInfinity,
                1e200,
                5e-324,
            ];
            double[] copy = [.. statistics];
            foreach (var isRoot in new[] { true, false })
            {
                var p = new double[statistics.Length];
                table.P(statistics, p, isRoot);
                p.ShouldBe(statistics.Select(statistic => table.P(statistic, isRoot)));
            }
            statistics.ShouldBe(copy);
        }
    }

    [Fact]
    public void Its_edges_are_those_of_the_tail()
    {
        var table = TabulatedTail.TryCreate(3, 996)!;
        table.P(0, isRoot: false).ShouldBe(1);
        table.P(-1, isRoot: false).ShouldBe(1);
        table.P(double.PositiveInfinity, isRoot: false).ShouldBe(0);
        table.P(double.NaN, isRoot: false).ShouldBe(double.NaN);
        table.P(double.NegativeInfinity, isRoot: true).ShouldBe(0);
        table.P(-2.5, isRoot: true).ShouldBe(table.P(2.5, isRoot: true));
    }

    /// <summary>
    /// Beyond the table's last cell are values below 1e-300, subnormal numbers and 0, which must equal the direct computation in every
    /// overload.
    /// </summary>
    [Fact]
    public void Beyond_the_table_the_tail_is_computed_directly()
    {
        foreach (var (d1, d2) in new[] { (1.0, 996.0), (3.0, 996.0), (1.0, 1.0), (1.0, 12.0), (2.0, 40000.0) })
        {
            var (table, tail) = (TabulatedTail.TryCreate(d1, d2)!, new FisherFTail(d1, d2));
            for (var s = 63.0; s < 1e300; s *= 1.01)
                table.P(s, isRoot: true).ShouldBe(tail.P(s, isRoot: true), $"{s:R} ({d1}, {d2})");
        }
    }

    /// <summary>
    /// For many numerator and few denominator degrees of freedom the function is too steep for the polynomials: there is no table rather
    /// than a wrong one.
    /// </summary>
    [Fact]
    public void There_is_no_table_where_polynomials_do_not_follow()
    {
        TabulatedTail.TryCreate(200, 5).ShouldBeNull();
        TabulatedTail.TryCreate(1, double.NaN).ShouldBeNull();
    }
}
