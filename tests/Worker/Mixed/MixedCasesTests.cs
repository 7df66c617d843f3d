using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Mixed;

/// <summary>
/// Random intercepts against lme4, lmerTest and performance (cases/make_cases.R): singular fits, groups of one, weights, offsets, missing
/// subjects, subsets; REML and ML.
/// </summary>
public sealed class MixedCasesTests
{
    private const int Elements = 7;

    /// <summary>Below this ratio of deviations the criterion is flat: only the criterion is compared.</summary>
    private const double Flat = 0.02;

    private static readonly Dictionary<string, JsonElement> Cases = Read();
    private static readonly CohortTable Cohort = CohortTable.Read(File("cohort.csv"));
    private static readonly double[][] Values = ReadValues();

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void A_case_equals_R(string id)
    {
        var columns = Fit(Engine(Cases[id]), [.. Enumerable.Range(0, Elements)]);
        var expected = Cases[id].GetProperty("expected");
        var group = Cases[id].GetProperty("random").GetString();
        var found = new List<string>();
        for (var e = 0; e < Elements; e++)
        {
            var theta = Expected(expected, $"{group}.sd__(Intercept)", e) / Expected(expected, "Residual.sd__Observation", e);
            foreach (var column in expected.EnumerateObject())
            {
                var (r, got) = (Expected(expected, column.Name, e), columns[column.Name][e]);
                if (double.IsNaN(r) || (theta < Flat && IsUncertain(column.Name)))
                    continue;
                if (!(Math.Abs(got - r) <= Tolerance(column.Name) * Math.Max(Math.Abs(r), Floor(expected, column.Name, e))))
                    found.Add($"element {e} (theta {theta:G4}), {column.Name}: {got:R} where R has {r:R}");
            }
        }
        found.ShouldBeEmpty();
    }

    /// <summary>The criterion is at least as small as lme4's, to rounding.</summary>
    [Theory]
    [MemberData(nameof(CaseNames))]
    public void No_likelihood_is_below_that_of_R(string id)
    {
        var columns = Fit(Engine(Cases[id]), [.. Enumerable.Range(0, Elements)]);
        for (var e = 0; e < Elements; e++)
        {
            var r = Expected(Cases[id].GetProperty("expected"), "model.logLik", e);
            columns["model.logLik"][e].ShouldBeGreaterThan(r - (1e-9 * Math.Abs(r)));
        }
    }

    [Theory]
    [InlineData("interaction")]
    [InlineData("arms_weights")]
    [InlineData("missing_ml")]
    public void Bits_do_not_depend_on_the_block(string id)
    {
        var engine = Engine(Cases[id]);
        var expected = Fit(engine, [.. Enumerable.Range(0, Elements)]);
        foreach (var elements in new int[][] { [3], [6, 5, 5, 0], [2, 1] })
        foreach (var (name, values) in Fit(engine, elements))
            for (var i = 0; i < elements.Length; i++)
                BitConverter.DoubleToInt64Bits(values[i]).ShouldBe(BitConverter.DoubleToInt64Bits(expected[name][elements[i]]), name);
    }

    [Theory]
    [InlineData("interaction")]
    [InlineData("arms_weights")]
    [InlineData("poly_ml")]
    [InlineData("offset_subset")]
    public void Bits_do_not_depend_on_the_width_of_registers(string id)
    {
        int[] elements = [.. Enumerable.Range(0, 45).Select(i => i * 5 % Elements)];
        var expected = Fit(Engine(Cases[id], KernelChoice.Scalar), elements);
        foreach (var (name, values) in Fit(Engine(Cases[id]), elements))
            for (var i = 0; i < elements.Length; i++)
                BitConverter.DoubleToInt64Bits(values[i]).ShouldBe(BitConverter.DoubleToInt64Bits(expected[name][i]), name);
    }

    /// <summary>Tiles of elements against fits of one element: other sums, other steps, the same minimum.</summary>
    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Tiles_and_single_elements_agree(string id)
    {
        int[] elements = [.. Enumerable.Range(0, Elements)];
        var expected = Fit(Engine(Cases[id], KernelChoice.Reference), elements);
        foreach (var (name, values) in Fit(Engine(Cases[id]), elements))
            for (var i = 0; i < elements.Length; i++)
                if (!double.IsNaN(expected[name][i]))
                    values[i].ShouldBe(expected[name][i], 1e-7 * (1e-3 + Math.Abs(expected[name][i])), $"{name} of {i}");
    }

    [Fact]
    public void Fitting_allocates_nothing_per_element()
    {
        var engine = Engine(Cases["interaction"]);
        using var fitter = engine.CreateFitter();
        int[] elements = [.. Enumerable.Range(0, 50).Select(i => i % Elements)];
        var (block, results) = (Block(elements), Results(engine, elements.Length));
        fitter.Fit(block, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        fitter.Fit(block, results);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void There_are_enough_cases() => Cases.Count.ShouldBeGreaterThanOrEqualTo(60);

    private static bool IsUncertain(string name) =>
        name is not ("model.logLik" or "model.AIC" or "model.BIC" or "model.nobs" or "id.ngroups");

    private static double Tolerance(string name) =>
        name.EndsWith(".df", StringComparison.Ordinal) ? 1e-4
        : name.EndsWith(".p.value", StringComparison.Ordinal) ? 2e-4
        : name.EndsWith(".sd__(Intercept)", StringComparison.Ordinal) ? 1e-6
        : name is "model.icc" ? 2e-6
        : name is "model.logLik" or "model.AIC" or "model.BIC" ? 1e-9
        : name.StartsWith("model.", StringComparison.Ordinal) || name.StartsWith("Residual", StringComparison.Ordinal) ? 1e-6
        : 1e-7;

    /// <summary>The size below which values are compared absolutely.</summary>
    private static double Floor(JsonElement expected, string name, int element) =>
        name.EndsWith(".p.value", StringComparison.Ordinal) ? 1e-300
        : name is "model.logLik" or "model.AIC" or "model.BIC" ? 1
        : name.EndsWith(".statistic", StringComparison.Ordinal) ? 1
        : name.EndsWith(".estimate", StringComparison.Ordinal) ? Expected(expected, name.Replace(".estimate", ".std.error"), element)
        : 1e-6;

    internal static double Expected(JsonElement columns, string name, int element) =>
        columns.GetProperty(name)[element] is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;

    internal static MixedEngine Engine(ModelSpec model, KernelChoice kernel) => MixedEngine.Create(model, Cohort, ["y"], "y", kernel);

    private static MixedEngine Engine(JsonElement json, KernelChoice kernel = KernelChoice.Auto) =>
        Engine(
            new ModelSpec
            {
                Engine = "lmm",
                Formula = "y ~ " + json.GetProperty("formula").GetString(),
                Weights = json.GetProperty("weights").GetString(),
                Subset = json.GetProperty("subset").GetString(),
                NumSubjLthrAbs = 5,
                NumSubjLthrRel = 0,
                FullOutputs = true,
                Mixed = new() { Ml = !json.GetProperty("reml").GetBoolean() },
            },
            kernel
        );

    internal static Dictionary<string, double[]> Fit(MixedEngine engine, int[] elements)
    {
        using var fitter = engine.CreateFitter();
        var results = Results(engine, elements.Length);
        fitter.Fit(Block(elements), results);
        return engine
            .Layout.PartialColumns.Select((name, c) => (name, c))
            .ToDictionary(one => one.name, one => results.Column(one.c).ToArray());
    }

    internal static ScalarBlock Block(int[] elements)
    {
        double[] values = [.. Values.SelectMany(row => elements.Select(e => row[e]))];
        return new(
            new[] { new ScalarValues(0, elements.Length, default, values, elements.Length) },
            [
                [.. Enumerable.Range(0, Values.Length)],
            ]
        );
    }

    private static ResultBlock Results(MixedEngine engine, int elements) =>
        new(new(0, elements), new double[engine.Layout.PartialColumns.Count * elements], new ElementStatus[elements]);

    private static Dictionary<string, JsonElement> Read() =>
        JsonDocument
            .Parse(System.IO.File.ReadAllText(File("cases.json")))
            .RootElement.GetProperty("cases")
            .EnumerateObject()
            .ToDictionary(one => one.Name, one => one.Value);

    private static double[][] ReadValues() =>
        [
            .. System
                .IO.File.ReadLines(File("values.csv"))
                .Select(line => line.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray()),
        ];

    private static string File(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "cases", name);
}
