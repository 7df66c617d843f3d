using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Mixed.Profile;

namespace HpcFit.Worker.Tests.Mixed;

/// <summary>The exact test of a random intercept: against RLRsim (cases/make_null.R), and where the distribution is known.</summary>
public sealed class LikelihoodRatioNullTests
{
    /// <summary>An element with missing subjects.</summary>
    private const int Incomplete = 5;

    /// <summary>Five standard errors of a proportion among our draws.</summary>
    private static double Tolerance(double p) => 5 * Math.Sqrt(p * (1 - p) / LikelihoodRatioNull.Draws);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Quantiles_equal_those_of_RLRsim(bool ml)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), "cases", "null.json")));
        double[] levels = [.. json.RootElement.GetProperty("at").EnumerateArray().Select(one => one.GetDouble())];
        foreach (var design in json.RootElement.GetProperty("designs").EnumerateArray())
        {
            var key = design.GetProperty("key").GetString()!;
            var model = Model($"y ~ {design.GetProperty("fixed").GetString()} + (1 | {design.GetProperty("group").GetString()})", ml) with
            {
                Weights = design.GetProperty("weights").GetString(),
            };
            var sorted = Null(MixedCasesTests.Engine(model, KernelChoice.Auto));
            var expected = design.GetProperty(ml ? "full" : "restricted");
            Above(sorted, 1e-9).ShouldBe(1 - expected.GetProperty("zero").GetDouble(), Tolerance(0.5), $"{key}, zero");
            var quantiles = expected.GetProperty("quantiles");
            for (var i = 0; i < levels.Length; i++)
                if (quantiles[i].GetDouble() is > 1e-6 and var quantile)
                    Above(sorted, quantile).ShouldBe(1 - levels[i], Tolerance(1 - levels[i]), $"{key}, {levels[i]}");
        }
    }

    /// <summary>
    /// In a balanced one-way layout the statistic is a function of F, so that its p-value is known: with ν = n - 1, a = groups - 1, it is
    /// ν ln((a F + n - groups) / ν) - a ln F for F > 1, and 0 otherwise.
    /// </summary>
    [Theory]
    [InlineData(4, 5)]
    [InlineData(12, 2)]
    [InlineData(40, 3)]
    public void A_balanced_one_way_layout_has_the_p_value_of_its_F_test(int groups, int size)
    {
        var n = groups * size;
        var cohort = new CohortTable("c.csv", [new TextColumn("id", [.. Enumerable.Range(0, n).Select(i => $"g{i % groups}")])]);
        var engine = MixedEngine.Create(Model("y ~ 1 + (1 | id)", ml: false), cohort, ["y"], "y", KernelChoice.Auto);
        var sorted = Null(engine);
        foreach (var f in (double[])[1, 1.3, 1.8, 2.5, 4, 6])
        {
            var statistic = ((n - 1) * Math.Log((((groups - 1) * f) + n - groups) / (n - 1))) - ((groups - 1) * Math.Log(f));
            var p = FisherF.UpperP(f, groups - 1, n - groups);
            Above(sorted, Math.Max(statistic, 1e-12)).ShouldBe(p, Tolerance(p) + 1e-4, $"F {f}");
        }
    }

    [Fact]
    public void The_p_value_counts_statistics_that_are_as_large_and_the_observed_one()
    {
        var tables = MixedCasesTests.Engine(Model("y ~ Age + (1 | id)", ml: false), KernelChoice.Auto).WholeCohort!.Tables;
        const double Draws = LikelihoodRatioNull.Draws;
        tables.Null.P(0).ShouldBe(1);
        tables.Null.P(double.PositiveInfinity).ShouldBe(1 / (Draws + 1));
        tables.Null.P(tables.Null.Sorted[^10]).ShouldBe(11 / (Draws + 1), 1e-15);
        tables.Null.P(double.NaN).ShouldBe(double.NaN);
    }

    /// <summary>Elements without missing subjects share the distribution of the cohort; others have that of their own rows.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Elements_have_the_p_value_of_their_rows(bool ml)
    {
        int[] elements = [0, 2, 4, Incomplete];
        var engine = MixedCasesTests.Engine(Model("y ~ Age + sex + (1 | site)", ml), KernelChoice.Auto);
        var columns = MixedCasesTests.Fit(engine, elements);
        var reference = MixedCasesTests.Fit(
            MixedCasesTests.Engine(Model("y ~ Age + sex + (1 | site)", ml), KernelChoice.Reference),
            elements
        );
        for (var i = 0; i < elements.Length; i++)
        {
            var (statistic, p) = (columns["site.LRT.statistic"][i], columns["site.LRT.p.value"][i]);
            reference["site.LRT.p.value"][i].ShouldBe(p);
            columns["site.LRT.p.value.neglog10"][i].ShouldBe(-Math.Log10(p), 1e-12);
            var tables = elements[i] == Incomplete ? TablesOf(engine, Incomplete) : engine.WholeCohort!.Tables;
            p.ShouldBe(tables.Null.P(statistic));
        }
        TablesOf(engine, Incomplete).Null.Sorted[^1].ShouldNotBe(engine.WholeCohort!.Tables.Null.Sorted[^1]);
    }

    [Theory]
    [InlineData("y ~ Age + (1 | id)", "other", "Write it, or exact")]
    [InlineData("y ~ Age + (1 | exact)", "exact", "another name")]
    public void A_test_that_is_not_understood_is_refused(string formula, string tested, string reason)
    {
        var cohort = new CohortTable(
            "c.csv",
            [
                new TextColumn("id", ["a", "a", "b", "b", "c", "c"]),
                new TextColumn("exact", ["a", "a", "b", "b", "c", "c"]),
                new NumericColumn("Age", [1, 2, 3, 5, 4, 7], true),
            ]
        );
        var model = Model(formula, ml: false) with { Mixed = new() { TestRandom = tested } };
        Should.Throw<UsageException>(() => MixedEngine.Create(model, cohort, ["y"], "y", KernelChoice.Auto)).Message.ShouldContain(reason);
    }

    private static GroupedDesign TablesOf(MixedEngine engine, int element)
    {
        var fit = new MixedElement(engine);
        fit.Fit(MixedCasesTests.Block([element]), 0);
        var tables = fit.Solution.Tables;
        tables.Null.Ensure(tables, !engine.Options.Ml);
        return tables;
    }

    private static double[] Null(MixedEngine engine) => engine.WholeCohort!.Tables.Null.Sorted.ToArray();

    private static double Above(double[] sorted, double value) => sorted.Count(one => one >= value) / (double)sorted.Length;

    private static ModelSpec Model(string formula, bool ml) =>
        new()
        {
            Engine = "lmm",
            Formula = formula,
            NumSubjLthrRel = 0,
            NumSubjLthrAbs = 5,
            Log10P = true,
            Mixed = new() { Ml = ml, TestRandom = MixedSpec.Exact },
        };

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
