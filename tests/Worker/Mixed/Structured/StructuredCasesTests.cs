using static HpcFit.Worker.Tests.Mixed.Structured.StructuredCases;

namespace HpcFit.Worker.Tests.Mixed.Structured;

/// <summary>
/// Several random terms and slopes against lme4, lmerTest and performance (cases/make_cases.R): nested, crossed, correlated and
/// uncorrelated slopes, singular fits, weights, offsets, missing subjects, subsets; REML and ML.
/// </summary>
public sealed class StructuredCasesTests
{
    /// <summary>Below this θ the criterion is flat: only the criterion is compared.</summary>
    private const double Flat = 0.03;

    public static TheoryData<string> CaseNames => [.. All.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void A_case_equals_R(string id)
    {
        var columns = Fit(Engine(All[id]), [.. Enumerable.Range(0, Elements)]);
        var expected = All[id].GetProperty("expected");
        var found = new List<string>();
        for (var e = 0; e < Elements; e++)
        {
            var theta = Expected(expected, "theta.least", e);
            var better = columns["model.logLik"][e] - Expected(expected, "model.logLik", e);
            foreach (var column in expected.EnumerateObject().Where(column => column.Name != "theta.least"))
            {
                var (r, got) = (Expected(expected, column.Name, e), columns[column.Name][e]);
                if (double.IsNaN(r) || ((theta < Flat || better > 1e-7) && IsUncertain(column.Name)))
                    continue;
                // Where θ is small the criterion is flat, and R's numerical derivatives find its minimum less precisely.
                var flat = theta < 0.1 && column.Name.Contains(".sd__", StringComparison.Ordinal) ? 2 : 1;
                if (!(Math.Abs(got - r) <= flat * Tolerance(column.Name) * Math.Max(Math.Abs(r), Floor(column.Name, e))))
                    found.Add($"element {e} (theta {theta:G4}, logLik {better:G3} above R), {column.Name}: {got:R} where R has {r:R}");
            }

            double Floor(string name, int element) =>
                name.EndsWith(".p.value", StringComparison.Ordinal) ? 1e-300
                : name is "model.logLik" or "model.AIC" or "model.BIC" ? 1
                : name.EndsWith(".statistic", StringComparison.Ordinal) ? 1
                : name.EndsWith(".estimate", StringComparison.Ordinal)
                    ? Expected(expected, name.Replace(".estimate", ".std.error"), element)
                : name.Contains(".cor__", StringComparison.Ordinal) ? 1
                : 1e-6;
        }
        found.ShouldBeEmpty();
    }

    /// <summary>The criterion is at least as small as lme4's, to rounding.</summary>
    [Theory]
    [MemberData(nameof(CaseNames))]
    public void No_likelihood_is_below_that_of_R(string id)
    {
        var columns = Fit(Engine(All[id]), [.. Enumerable.Range(0, Elements)]);
        for (var e = 0; e < Elements; e++)
        {
            var r = Expected(All[id].GetProperty("expected"), "model.logLik", e);
            columns["model.logLik"][e].ShouldBeGreaterThan(r - (1e-9 * Math.Abs(r)), $"element {e}");
        }
    }

    [Theory]
    [InlineData("nested")]
    [InlineData("crossed_weights")]
    [InlineData("slope_and_site_ml")]
    public void Bits_do_not_depend_on_the_block(string id)
    {
        var engine = Engine(All[id]);
        var expected = Fit(engine, [.. Enumerable.Range(0, Elements)]);
        foreach (var elements in new int[][] { [3], [4, 4, 1, 0], [2, 1] })
        foreach (var (name, values) in Fit(engine, elements))
            for (var i = 0; i < elements.Length; i++)
                BitConverter.DoubleToInt64Bits(values[i]).ShouldBe(BitConverter.DoubleToInt64Bits(expected[name][elements[i]]), name);
    }

    [Theory]
    [InlineData("nested")]
    [InlineData("slope_and_site")]
    public void Fitting_allocates_nothing_per_element(string id)
    {
        var engine = Engine(All[id]);
        using var fitter = engine.CreateFitter();
        int[] elements = [.. Enumerable.Range(0, 20).Select(i => i % Elements)];
        var (block, results) = (Block(elements), Results(engine, elements.Length));
        fitter.Fit(block, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        fitter.Fit(block, results);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void There_are_enough_cases() => All.Count.ShouldBeGreaterThanOrEqualTo(50);

    private static bool IsUncertain(string name) =>
        name is not ("model.logLik" or "model.AIC" or "model.BIC" or "model.nobs") && !name.EndsWith(".ngroups", StringComparison.Ordinal);

    private static double Tolerance(string name) =>
        name.EndsWith(".df", StringComparison.Ordinal) ? 1e-4
        : name.EndsWith(".p.value", StringComparison.Ordinal) ? 2e-4
        : name.Contains(".sd__", StringComparison.Ordinal) || name.Contains(".cor__", StringComparison.Ordinal) || name is "model.icc"
            ? 1e-6
        : name is "model.logLik" or "model.AIC" or "model.BIC" ? 1e-9
        : name.StartsWith("model.", StringComparison.Ordinal) ? 1e-6
        : 1e-7;
}
