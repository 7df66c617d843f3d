using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Tests.Distributions;

/// <summary>Against mgcv's own evaluation, including its errors.</summary>
public class DaviesTailTests
{
    /// <summary>Relative to errors of 1e-6: the remainder is rounding in sums of thousands of terms.</summary>
    private const double Tolerance = 1e-11;

    [Fact]
    public void Tails_agree_with_mgcvs_to_rounding()
    {
        var rows = GoldenTable.Rows("davies.csv").ToList();
        rows.Count.ShouldBe(364);
        var wrong =
            from row in rows
            let got = Of(row.Numbers)
            where !(Math.Abs(got - row.Numbers[0]) <= Tolerance)
            select $"{row.Name} q {row.Numbers[1]:R} ν {row.Numbers[2]}, {row.Numbers.Length - 3} weights: {got:R}, not {row.Numbers[0]:R}";
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Tails_are_within_the_accuracy_of_the_accurate_ones()
    {
        foreach (var (kind, row) in GoldenTable.Rows("davies.csv").Where(row => row.Name != "edge"))
            Of(row).ShouldBe(WeightedChiSquared.UpperP(row[1], row.AsSpan(3), row[2]), 2e-5, $"{kind} q {row[1]:R}");
    }

    [Fact]
    public void A_degenerate_distribution_has_no_tail()
    {
        DaviesTail.UpperP(double.NaN, [1, 0.5], 10).ShouldBe(double.NaN);
        DaviesTail.UpperP(1, [1, -0.5], 10).ShouldBe(double.NaN);
        DaviesTail.UpperP(1, [1, double.NaN], 10).ShouldBe(double.NaN);
        DaviesTail.UpperP(0, [0, 0], 10).ShouldBe(double.NaN);
        DaviesTail.UpperP(1, [1, 0.5], 0).ShouldBe(double.NaN);
        DaviesTail.UpperP(double.PositiveInfinity, [1, 0.5], 10).ShouldBe(0);
    }

    [Fact]
    public void Bits_are_the_same_on_every_processor()
    {
        // Changes only when the algorithm changes; equal with DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0 and DOTNET_EnableHWIntrinsic=0.
        var hash = 14695981039346656037UL;
        foreach (var (_, row) in GoldenTable.Rows("davies.csv"))
            hash = (hash ^ BitConverter.DoubleToUInt64Bits(Of(row))) * 1099511628211UL;
        hash.ShouldBe(5910120281653636629UL);
    }

    private static double Of(double[] row) => DaviesTail.UpperP(row[1], row.AsSpan(3), row[2]);
}
