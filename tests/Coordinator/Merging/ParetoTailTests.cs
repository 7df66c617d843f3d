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

    /// <summary>
    /// At the limit, an estimate is within a factor of 10 of the true p in 95 of 100 samples: the interval is that of two-sided errors.
    /// </summary>
    [Theory]
    [InlineData(200, 0, 0.001, 0.005)]
    [InlineData(1000, 0, 5e-5, 0.0008)]
    [InlineData(5000, 0, 1e-6, 0.0001)]
    [InlineData(1000, 0.1, 5e-5, 0.001)]
    public void P_values_above_the_limit_are_within_a_factor_of_ten(int shuffles, double heaviness, double least, double most)
    {
        double Quantile(double u) => heaviness == 0 ? -Math.Log(1 - u) : (Math.Pow(1 - u, -heaviness) - 1) / heaviness;
        double LogP(double y) => heaviness == 0 ? -y : -Math.Log(1 + (heaviness * y)) / heaviness;
        var tails = Enumerable.Range(0, 40).Select(study => new NullDistribution([7, .. Sample(study, shuffles, Quantile)]).Tail);
        var errors = tails
            .OfType<ParetoTail>()
            .Select(tail =>
            {
                tail.LeastP.ShouldBeLessThan(1.1 / shuffles);
                return (tail.LeastP, Error: Math.Log(tail.LeastP) - LogP(StatisticAt(tail, Math.Log(tail.LeastP))));
            })
            .ToList();
        errors.Count.ShouldBeGreaterThan(30);
        errors.Count(one => Math.Abs(one.Error) > Math.Log(10)).ShouldBeLessThanOrEqualTo(4);
        errors.Select(one => one.LeastP).Order().ElementAt(errors.Count / 2).ShouldBeInRange(least, most);
    }

    /// <summary>The spread of log p among samples, with the shape and scale of each by moments.</summary>
    [Theory]
    [InlineData(0, -4, 0.1)]
    [InlineData(-0.1, -4, 0.1)]
    [InlineData(0, -7, 0.1)]
    public void The_standard_error_is_the_spread_of_estimates(double shape, double logP, double tolerance)
    {
        const int Excesses = 8000;
        var excess = shape == 0 ? -logP : (1 - Math.Exp(shape * logP)) / shape;
        var logs = Enumerable
            .Range(0, 600)
            .Select(study =>
            {
                var values = Sample(study, Excesses, u => shape == 0 ? -Math.Log(1 - u) : (1 - Math.Pow(1 - u, shape)) / shape);
                var mean = values.Average();
                var ratio = mean * mean / values.Select(value => (value - mean) * (value - mean)).Average();
                var (k, a) = ((ratio - 1) / 2, mean * (ratio + 1) / 2);
                return Math.Log(1 - (k * excess / a)) / k;
            })
            .ToList();
        var center = logs.Average();
        var spread = Math.Sqrt(logs.Select(log => (log - center) * (log - center)).Average());
        new ParetoTail(0, shape, 1, 1) { Excesses = Excesses }
            .StandardError(logP)
            .ShouldBe(spread, tolerance * spread);
    }

    [Fact]
    public void Where_the_shape_has_no_standard_error_the_limit_is_the_least_fraction()
    {
        var tail = new ParetoTail(0, -0.3, 1, 0.25) { Excesses = 50 };
        tail.StandardError(-5).ShouldBe(double.PositiveInfinity);
        tail.LeastP.ShouldBe(0.005, "1/201, rounded upwards to two digits");
    }

    [Fact]
    public void Elements_beyond_the_limit_are_warned_of()
    {
        new TailLimit("a.p.value.fwe.gpd", 0.0021, 0).Warning.ShouldBeNull();
        new TailLimit("a.p.value.fwe.gpd", 0.0021, 1)
            .Warning.ShouldNotBeNull()
            .ShouldStartWith("a.p.value.fwe.gpd: 1 element has a p below 0.0021,");
        new TailLimit("a.p.value.fwe.gpd", 3e-7, 1200)
            .Warning.ShouldNotBeNull()
            .ShouldSatisfyAllConditions(
                text => text.ShouldStartWith("a.p.value.fwe.gpd: 1,200 elements have p below 3E-07, extrapolated"),
                text => text.ShouldContain("state p < 3E-07, or use more shuffles")
            );
    }

    /// <summary>By bisection, as p decreases.</summary>
    private static double StatisticAt(ParetoTail tail, double logP)
    {
        var (low, high) = (tail.Threshold, tail.Threshold + (1000 * tail.Scale));
        for (var step = 0; step < 100; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = tail.LogP(middle) > logP ? (middle, high) : (low, middle);
        }
        return low;
    }

    private static double[] Sample(int seed, int count, Func<double, double> quantile)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => quantile(random.NextDouble()))];
    }
}
