using HpcFit.Coordinator.Merging;

namespace HpcFit.Coordinator.Tests.Merging;

/// <summary>Tails of samples whose distributions, and so their p-values, are known.</summary>
public sealed class ParetoTailTests
{
    /// <summary>
    /// An exponential tail is one of the family. A quarter of Gumbel's distribution, that of the largest of many statistics, has k = 0.038
    /// (its moments, by hand); with k = 0, a p of 1e-4 is 0.18 too large in log10.
    /// </summary>
    [Theory]
    [InlineData(1000, false, 0, 0.3)]
    [InlineData(5000, false, 0, 0.2)]
    [InlineData(1000, true, 0, 0.4)]
    [InlineData(5000, true, 0.05, 0.3)]
    public void Small_p_values_are_near_the_true_ones(int shuffles, bool isGumbel, double least, double most)
    {
        double Quantile(double u) => isGumbel ? 4 - (0.25 * Math.Log(-Math.Log(u))) : 4 - (0.25 * Math.Log(1 - u));
        var errors = Enumerable
            .Range(0, 20)
            .Select(study => new NullDistribution([7, .. Sample(study, shuffles, Quantile)]))
            .Select(distribution => (distribution.LogTailP(Quantile(1 - 1e-4)) / Math.Log(10)) + 4)
            .ToList();
        errors.Average().ShouldBeInRange(least, most);
        errors.ShouldAllBe(error => error > -0.5 && error < 1.5);
    }

    [Fact]
    public void Shape_and_scale_are_those_of_the_sample()
    {
        // S(y) = (1 - k y / a)^(1/k) above 5 with k = -0.2 (no bound) and a = 0.5, below it anything.
        var maxima = Sample(1, 8000, u => u < 0.75 ? 4 + u : 5 + (0.5 / -0.2 * (1 - Math.Pow((1 - u) / 0.25, -0.2))));
        var tail = new NullDistribution([4, .. maxima]).Tail.ShouldNotBeNull();
        tail.Shape.ShouldBe(-0.2, 0.1);
        tail.Scale.ShouldBe(0.5, 0.07);
        tail.Threshold.ShouldBe(5, 0.1);
        tail.Fraction.ShouldBe(0.25, 0.02);
    }

    [Fact]
    public void P_values_decrease_and_join_the_fractions_of_shuffles()
    {
        var maxima = Sample(3, 2000, u => 4 - (0.25 * Math.Log(-Math.Log(u))));
        var distribution = new NullDistribution([12, .. maxima]);
        var logs = Enumerable.Range(0, 400).Select(i => distribution.LogTailP(3 + (i * 0.025))).ToList();
        logs.Zip(logs.Skip(1)).ShouldAllBe(pair => pair.Second <= pair.First + 0.05);
        logs[^1].ShouldBeLessThan(Math.Log(1e-8));
        double.IsFinite(logs[^1]).ShouldBeTrue("no p-value is 0");
        foreach (var statistic in (double[])[3, 3.8, 4.2])
            distribution.LogTailP(statistic).ShouldBe(Math.Log(distribution.P(statistic)), "p above 0.1 is the fraction");
        distribution.LogTailP(double.NaN).ShouldBe(double.NaN);
    }

    [Fact]
    public void A_bounded_tail_gives_no_p_of_0()
    {
        var distribution = new NullDistribution([9, .. Sample(5, 4000, u => 4 + Math.Sqrt(u))]);
        distribution.LogTailP(9).ShouldBeGreaterThan(Math.Log(1e-300));
    }

    [Fact]
    public void Fractions_stay_where_no_distribution_fits_or_they_are_exact()
    {
        var few = new NullDistribution([5, .. Sample(1, 60, u => u)]);
        few.Tail.ShouldBeNull();
        few.LogTailP(0.99).ShouldBe(Math.Log(few.P(0.99)));
        var two = new NullDistribution([5, .. Enumerable.Range(0, 999).Select(i => i % 2.0)]);
        two.Tail.ShouldBeNull();
        var gap = new NullDistribution([5, .. Sample(1, 4000, u => u < 0.9 ? u : 50 + u)]);
        gap.Tail?.Threshold.ShouldBeGreaterThan(20, "the quarter with a gap has no such distribution");
        new NullDistribution([7, .. Sample(1, 2000, u => -Math.Log(1 - u))], isExhaustive: true).Tail.ShouldBeNull();
        new NullDistribution([7, .. Sample(1, 2000, u => -Math.Log(1 - u))]).Tail.ShouldNotBeNull();
    }

    private static double[] Sample(int seed, int count, Func<double, double> quantile)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => quantile(random.NextDouble()))];
    }
}
