using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Mixed;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Gam.Mixed;

/// <summary>
/// Additive models with correlated random effects against a dense twin in R, with mgcv's columns, and against gamm4
/// (correlated/make_cases.R).
/// </summary>
public sealed class CorrelatedCasesTests
{
    private static readonly Dictionary<string, JsonElement> Cases = JsonDocument
        .Parse(File.ReadAllText(PathOf("cases.json")))
        .RootElement.GetProperty("cases")
        .EnumerateObject()
        .ToDictionary(one => one.Name, one => one.Value);

    private static readonly CohortTable Cohort = CohortTable.Read(PathOf("cohort.csv"));

    private static readonly double[][] Values =
    [
        .. File.ReadLines(PathOf("values.csv"))
            .Select(line => line.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray()),
    ];

    public static TheoryData<string> Ids => [.. Cases.Keys];

    /// <summary>Where no variance is 0 and no correlation 1 or -1: all statistics.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_statistic_equals_that_of_a_dense_twin(string id)
    {
        var expected = Cases[id].GetProperty("expected");
        var columns = Fit(id);
        var found = new List<string>();
        var compared = 0;
        foreach (var column in expected.EnumerateObject())
            for (var e = 0; e < Count(id); e++)
            {
                var r = MixedGamCases.Expected(expected, column.Name, e);
                if (column.Name is "regular" or "gradient" or "gamm4.crit" || double.IsNaN(r) || !IsRegular(id, e))
                    continue;
                compared++;
                var got = columns[column.Name][e];
                // mgcv's p-values of smooths are rounded in their sixth digit; the twin's degrees for AIC are of numeric derivatives.
                var tolerance =
                    column.Name.EndsWith("p.value", StringComparison.Ordinal) ? 2e-5
                    : column.Name is "model.AIC" or "model.BIC" ? 1e-6
                    : 1e-7;
                if (!(Math.Abs(got - r) <= tolerance * Math.Max(Math.Abs(r), 1)))
                    found.Add($"element {e}, {column.Name}: {got:R} where the twin has {r:R}");
            }
        found.ShouldBeEmpty(string.Join('\n', found));
        compared.ShouldBeGreaterThan(20);
    }

    /// <summary>Also at the border of the covariances: not above the best of the twin's searches, nor gamm4's.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void No_criterion_is_above_that_of_the_twin_or_gamm4(string id)
    {
        var expected = Cases[id].GetProperty("expected");
        var isMl = Cases[id].GetProperty("ml").GetBoolean();
        var name = isMl ? "model.MLcrit" : "model.REMLcrit";
        var columns = Fit(id);
        for (var e = 0; e < Count(id); e++)
        {
            columns[name][e].ShouldBeLessThan(MixedGamCases.Expected(expected, name, e) + 1e-7, $"element {e}");
            columns[name][e].ShouldBeLessThan(MixedGamCases.Expected(expected, "gamm4.crit", e) + 1e-7, $"element {e}");
            if (IsRegular(id, e))
                columns["model.singular"][e].ShouldBe(0, $"element {e}");
        }
    }

    [Fact]
    public void A_fit_without_random_effects_is_singular() => Fit("slope")["model.singular"][3].ShouldBe(1);

    [Fact]
    public void There_are_regular_and_singular_fits() =>
        Cases.Keys.SelectMany(id => Enumerable.Range(0, Count(id)).Select(e => IsRegular(id, e))).Distinct().Count().ShouldBe(2);

    /// <summary>Of the same random effects without correlations, the fits are those of mgcv's smooths bs = "re".</summary>
    [Theory]
    [InlineData("s(Age, k = 5) + sex + (1 | site) + (visit || id)", false)]
    [InlineData("s(Age, k = 5) + s(dose, k = 4, bs = \"cs\") + (visit || id)", false)]
    [InlineData("te(Age, dose, k = 4) + sex + (visit || id)", false)]
    [InlineData("s(Age, k = 5) + sex + (1 | site) + (visit || id)", true)]
    public void Without_correlations_fits_are_those_of_random_effects_as_smooths(string formula, bool isMl)
    {
        var spec = MixedGamCases.Spec("y ~ " + formula, "w", ml: isMl);
        var engine = EngineOf(spec);
        var terms = MixedGamTerms.Read(spec.Formula, Cohort, ["y"]);
        var first = engine.Gam.Model.Smooths.Count - engine.Random.Effects;
        var model = GamModel.Create(
            spec,
            terms.With(engine.Random.Terms),
            Cohort,
            ["y"],
            "y",
            engine.Random.ProblemOf,
            [.. engine.Random.ByFactor.Select(factor => factor.Select(term => term.Select(place => first + place).ToArray()).ToList())]
        );
        var gam = GamEngine.Create(
            spec,
            model,
            Cohort,
            "y",
            KernelChoice.Auto,
            RowsCache.DefaultBytes,
            (bound, hypotheses) => new MixedGamColumns(spec, bound, engine.Random, hypotheses)
        );
        model.Build([.. Enumerable.Range(0, Cohort.Rows)], [], default).Designs[0].Blocks.ShouldNotBeNull();
        var expected = MixedGamCases.Fit(engine, Block([0, 1, 2, 4]), out _);
        foreach (var (name, values) in MixedGamCases.Fit(gam, Block([0, 1, 2, 4]), out _))
            // The corrected degrees of freedom depend on the order of the columns.
            for (var e = 0; e < values.Length && name is not ("model.AIC" or "model.BIC"); e++)
            {
                // The p-value of a smooth that is shrunk to zero has few digits.
                var tolerance = name == "s_dose.p.value" ? 1e-4 : 1e-7;
                values[e].ShouldBe(expected[name][e], tolerance * Math.Max(1, Math.Abs(expected[name][e])), $"{name} of element {e}");
            }
    }

    [Theory]
    [InlineData("slope")]
    [InlineData("both_ml")]
    public void Bits_do_not_depend_on_the_block(string id)
    {
        var engine = EngineOf(Spec(id));
        var all = Enumerable.Range(0, 5).ToArray();
        var expected = MixedGamCases.Fit(engine, Block(all), out _);
        foreach (
            var places in (int[][])
                [
                    [3],
                    [4, 4, 1, 0],
                    [2, 1],
                ]
        )
        foreach (var (name, values) in MixedGamCases.Fit(engine, Block(places), out _))
            for (var i = 0; i < places.Length; i++)
                BitConverter.DoubleToInt64Bits(values[i]).ShouldBe(BitConverter.DoubleToInt64Bits(expected[name][places[i]]), name);
    }

    [Theory]
    [InlineData("slope")]
    [InlineData("both")]
    public void Fitting_allocates_nothing_per_element(string id)
    {
        var engine = EngineOf(Spec(id));
        using var fitter = engine.CreateFitter();
        var (block, results) = (Block([0, 1, 2, 3, 4]), MixedGamCases.Results(engine, 5));
        fitter.Fit(block, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        fitter.Fit(block, results);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static int Count(string id) => Cases[id].GetProperty("elements").GetInt32();

    private static bool IsRegular(string id, int element) =>
        MixedGamCases.Expected(Cases[id].GetProperty("expected"), "regular", element) > 0
        && MixedGamCases.Expected(Cases[id].GetProperty("expected"), "gradient", element) < 1e-7;

    private static Dictionary<string, double[]> Fit(string id) =>
        MixedGamCases.Fit(EngineOf(Spec(id)), Block([.. Enumerable.Range(Cases[id].GetProperty("first").GetInt32(), Count(id))]), out _);

    private static ModelSpec Spec(string id) =>
        MixedGamCases.Spec(
            "y ~ " + Cases[id].GetProperty("formula").GetString(),
            Cases[id].TryGetProperty("weights", out var weights) ? weights.GetString() : null,
            ml: Cases[id].GetProperty("ml").GetBoolean()
        );

    private static MixedGamEngine EngineOf(ModelSpec model) => MixedGamEngine.Create(model, Cohort, ["y"], "y");

    private static ScalarBlock Block(int[] elements)
    {
        double[] values = [.. Values.SelectMany(row => elements.Select(e => row[e]))];
        return new(
            new[] { new ScalarValues(0, elements.Length, default, values, elements.Length) },
            [
                [.. Enumerable.Range(0, Values.Length)],
            ]
        );
    }

    private static string PathOf(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "correlated", name);
}
