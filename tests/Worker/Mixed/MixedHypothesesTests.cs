using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Tests.Mixed;

/// <summary>Contrasts, F tests and Kenward and Roger's method against lmerTest and pbkrtest (cases/make_hypotheses.R).</summary>
public sealed class MixedHypothesesTests
{
    /// <summary>Near θ = 0 the derivatives of Satterthwaite's method are not those of a flat criterion.</summary>
    private const double Flat = 0.02;

    private static readonly Dictionary<string, JsonElement> Cases = JsonDocument
        .Parse(File.ReadAllText(Path.Combine(Folder(), "cases", "hypotheses.json")))
        .RootElement.GetProperty("cases")
        .EnumerateObject()
        .ToDictionary(one => one.Name, one => one.Value);

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void A_case_equals_R(string id)
    {
        var json = Cases[id];
        var expected = json.GetProperty("expected");
        var elements = expected.GetProperty("theta").GetArrayLength();
        var isKenwardRoger = json.GetProperty("df").GetString() == MixedSpec.KenwardRoger;
        foreach (var kernel in new[] { KernelChoice.Auto, KernelChoice.Reference })
        {
            var columns = MixedCasesTests.Fit(MixedCasesTests.Engine(Model(json), kernel), [.. Enumerable.Range(0, elements)]);
            var found = new List<string>();
            for (var e = 0; e < elements; e++)
            {
                if (!isKenwardRoger && MixedCasesTests.Expected(expected, "theta", e) < Flat)
                    continue;
                foreach (var column in expected.EnumerateObject().Where(one => one.Name != "theta"))
                {
                    var (r, got) = (MixedCasesTests.Expected(expected, column.Name, e), columns[column.Name][e]);
                    if (double.IsNaN(r))
                        continue;
                    var scale = column.Name.EndsWith(".statistic", StringComparison.Ordinal) ? 1.0 : 0;
                    foreach (var statistic in (string[])[".estimate", ".conf.low", ".conf.high"])
                        if (column.Name.EndsWith(statistic, StringComparison.Ordinal))
                            scale = columns[column.Name[..^statistic.Length] + ".std.error"][e];
                    if (!(Math.Abs(got - r) <= Tolerance(column.Name, isKenwardRoger) * Math.Max(Math.Abs(r), scale)))
                        found.Add($"{kernel}, element {e}, {column.Name}: {got:R} where R has {r:R}");
                }
            }
            found.ShouldBeEmpty();
        }
    }

    /// <summary>2 (logLik(lmer) - logLik(lm)) in R, and half the tail of chi-square.</summary>
    [Theory]
    [InlineData(false, null, new[] { 28.1118775, 294.526673, 0, 21.3945643, 37.3386876 })]
    [InlineData(true, null, new[] { 26.338345, 295.050695, 0, 19.606741, 35.8164472 })]
    [InlineData(false, "w", new[] { 41.8378424, 293.949672, 1.45099519, 24.2982967, 32.8086659 })]
    [InlineData(true, "w", new[] { 39.9342168, 294.331937, 1.01064794, 22.3602978, 31.0635259 })]
    public void The_random_intercept_is_tested_by_a_likelihood_ratio(bool ml, string? weights, double[] expected)
    {
        int[] elements = [0, 1, 2, 4, 5];
        var model = new ModelSpec
        {
            Engine = "lmm",
            Formula = "y ~ Age + sex + (1 | id)",
            Weights = weights,
            NumSubjLthrRel = 0,
            Log10P = true,
            Mixed = new() { Ml = ml, TestRandom = "id" },
        };
        foreach (var kernel in new[] { KernelChoice.Auto, KernelChoice.Reference })
        {
            var columns = MixedCasesTests.Fit(MixedCasesTests.Engine(model, kernel), elements);
            for (var i = 0; i < elements.Length; i++)
            {
                var p = expected[i] == 0 ? 1 : StudentT.TwoSidedP(Math.Sqrt(expected[i]), double.PositiveInfinity) / 2;
                columns["id.LRT.statistic"][i].ShouldBe(expected[i], 1e-6);
                columns["id.LRT.p.value"][i].ShouldBe(p, 1e-5 * p);
                columns["id.LRT.p.value.neglog10"][i].ShouldBe(-Math.Log10(p), 1e-5);
            }
        }
    }

    /// <summary>lmerTest differentiates numerically, which limits its degrees of freedom.</summary>
    private static double Tolerance(string name, bool isKenwardRoger) =>
        name.EndsWith(".p.value", StringComparison.Ordinal) ? (isKenwardRoger ? 1e-5 : 3e-4)
        : name.EndsWith("df", StringComparison.Ordinal) || name.EndsWith("df2", StringComparison.Ordinal) ? (isKenwardRoger ? 1e-6 : 2e-4)
        : name.Contains(".conf.") ? 1e-4
        : 1e-6;

    private static ModelSpec Model(JsonElement json) =>
        new()
        {
            Engine = "lmm",
            Formula = "y ~ " + json.GetProperty("formula").GetString(),
            Weights = json.GetProperty("weights").GetString(),
            Subset = json.GetProperty("subset").GetString(),
            NumSubjLthrAbs = 5,
            NumSubjLthrRel = 0,
            FullOutputs = true,
            Hypotheses = new()
            {
                Contrasts = [.. json.GetProperty("contrasts").EnumerateArray().Select(Contrast)],
                FTests = [.. json.GetProperty("terms").EnumerateArray().Select(term => term.GetString()!)],
                AnovaType = json.GetProperty("type").GetString()!,
            },
            Mixed = new() { Df = json.GetProperty("df").GetString()!, ConfLevel = 0.95 },
        };

    private static ContrastSpec Contrast(JsonElement json) =>
        new(
            json.GetProperty("name").GetString()!,
            null,
            [.. json.GetProperty("weights").EnumerateObject().Select(one => one.Name)],
            [.. json.GetProperty("weights").EnumerateObject().Select(one => one.Value.GetDouble())]
        );

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
