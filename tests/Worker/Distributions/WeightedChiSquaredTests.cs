using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Tests.Distributions;

/// <summary>Against closed forms with 50 digits, and against the F tail for equal weights.</summary>
public class WeightedChiSquaredTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void Mixtures_agree_with_the_goldens_in_relative_terms()
    {
        var wrong = new List<string>();
        var rows = GoldenTable.Rows("mixtures.csv").ToList();
        rows.Count.ShouldBe(175);
        foreach (var (kind, row) in rows)
        {
            var (q, df, expected) = (row[0], row[1], row[6]);
            var logP = WeightedChiSquared.UpperLogP(q, row.AsSpan(2, 4), df);
            var p = WeightedChiSquared.UpperP(q, row.AsSpan(2, 4), df);
            if (!(Math.Abs(logP - expected) <= Tolerance))
                wrong.Add($"{kind} q {q} ν {df}: ln p {logP:R}, not {expected:R}");
            if (!(expected < -700 || Math.Abs(Math.Log(p) - expected) <= Tolerance))
                wrong.Add($"{kind} q {q} ν {df}: p {p:R}, ln not {expected:R}");
        }
        wrong.ShouldBeEmpty(string.Join('\n', wrong));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(40)]
    public void Equal_weights_give_the_tail_of_F(int count)
    {
        var weights = new double[count + 1];
        Array.Fill(weights, 0.6);
        weights[^1] = 0;
        foreach (var df in (double[])[1, 4.5, 60, 2000, 1e5])
        {
            foreach (var f in (double[])[1e-6, 0.01, 0.3, 1, 2, 8, 40, 300])
            {
                var got = WeightedChiSquared.UpperLogP(f * count * 0.6, weights, df);
                var expected = FisherF.UpperLogP(f, count, df);
                Math.Abs(got - expected)
                    .ShouldBeLessThanOrEqualTo(
                        Tolerance * Math.Max(1, Math.Abs(expected) / 1000),
                        $"F {f} ({count}, {df}): {got:R}, not {expected:R}"
                    );
            }
        }
    }

    [Fact]
    public void Edges_follow_the_rules_of_the_other_tails()
    {
        WeightedChiSquared.UpperP(0, [1, 0.5], 10).ShouldBe(1);
        WeightedChiSquared.UpperP(double.PositiveInfinity, [1, 0.5], 10).ShouldBe(0);
        WeightedChiSquared.UpperLogP(double.PositiveInfinity, [1, 0.5], 10).ShouldBe(double.NegativeInfinity);
        WeightedChiSquared.UpperP(double.NaN, [1, 0.5], 10).ShouldBe(double.NaN);
        WeightedChiSquared.UpperP(1, [1, -0.5], 10).ShouldBe(double.NaN);
        WeightedChiSquared.UpperP(1, [0, 0], 10).ShouldBe(double.NaN);
        WeightedChiSquared.UpperP(1, [1, 0.5], 0).ShouldBe(double.NaN);
    }

    [Fact]
    public void Bits_are_the_same_on_every_processor()
    {
        // Changes only when the algorithm changes; equal with DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0 and DOTNET_EnableHWIntrinsic=0.
        var hash = 14695981039346656037UL;
        foreach (var df in (double[])[2, 31.25, 900, double.PositiveInfinity])
        {
            for (var q = 0.125; q < 500; q *= 1.5)
            {
                var p = WeightedChiSquared.UpperP(q, [1, 1, 1.25, 0.375], df);
                hash = (hash ^ BitConverter.DoubleToUInt64Bits(p)) * 1099511628211UL;
            }
        }
        hash.ShouldBe(3650309230895308168UL);
    }
}
