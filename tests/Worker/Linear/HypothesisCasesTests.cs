using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Linear;

/// <summary>
/// Contrasts, F tests, effect sizes and robust standard errors against R's packages (hypotheses/make_cases.R): with weights, missing
/// subjects, aliased columns, an empty cell and an empty level.
/// </summary>
public sealed class HypothesisCasesTests
{
    private const int Elements = 7;
    private static readonly Dictionary<string, JsonElement> Cases = Read();
    private static readonly CohortTable Cohort = CohortTable.Read(File("cohort.csv"));
    private static readonly double[][] Values = ReadValues();

    public static TheoryData<string, string> CasesAndKernels
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var id in Cases.Keys)
            foreach (var kernel in new[] { KernelChoice.Auto, KernelChoice.Reference })
                data.Add(id, kernel.ToString());
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(CasesAndKernels))]
    public void A_case_equals_R(string id, string kernel)
    {
        var engine = Engine(Cases[id], Enum.Parse<KernelChoice>(kernel));
        var columns = Fit(engine);
        var found = new List<string>();
        foreach (var column in Cases[id].GetProperty("expected").EnumerateObject())
        {
            var (name, values) = (column.Name, column.Value);
            for (var e = 0; e < Elements; e++)
            {
                if (values[e].ValueKind == JsonValueKind.String)
                    continue;
                var expected = values[e].ValueKind == JsonValueKind.Null ? double.NaN : values[e].GetDouble();
                if (!columns.TryGetValue(name, out var got))
                    found.Add($"no column {name}");
                else if (!IsClose(name, expected, got[e]))
                    found.Add($"element {e}, {name}: {got[e]:R} where R has {expected:R}");
            }
        }
        found.ShouldBeEmpty();
    }

    /// <summary>Whole tiles, parts of tiles, single elements and the kernel without registers give the same bits.</summary>
    [Theory]
    [InlineData("three_levels")]
    [InlineData("covariate_II")]
    [InlineData("factors_III")]
    [InlineData("weights")]
    [InlineData("aliased_nested")]
    [InlineData("robust_HC4")]
    [InlineData("robust_interaction")]
    [InlineData("cluster_weights")]
    public void Bits_depend_neither_on_the_block_nor_on_the_registers(string id)
    {
        var (auto, scalar) = (Engine(Cases[id], KernelChoice.Auto), Engine(Cases[id], KernelChoice.Scalar));
        var expected = Fit(auto);
        int[] complete = [.. Enumerable.Repeat(0, TileKernel.Width), .. Enumerable.Repeat(3, TileKernel.Width + 3)];
        int[] mixed = [.. Enumerable.Range(0, TileKernel.Width + 5).Select(i => i % Elements)];
        foreach (var engine in new[] { auto, scalar })
        foreach (var elements in new[] { complete, mixed, [2], [0] })
        foreach (var (name, values) in Fit(engine, elements))
            for (var i = 0; i < elements.Length; i++)
                Bits(values[i]).ShouldBe(Bits(expected[name][elements[i]]), $"{name} of element {elements[i]}");

        static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
    }

    [Theory]
    [InlineData("covariate_II")]
    [InlineData("robust_HC4")]
    [InlineData("cluster_weights")]
    public void Fitting_allocates_nothing_per_element(string id)
    {
        var engine = Engine(Cases[id], KernelChoice.Auto);
        using var fitter = engine.CreateFitter();
        int[] elements = [.. Enumerable.Range(0, 100).Select(i => i % Elements)];
        var (block, results) = (Block(elements), Results(engine, elements.Length));
        fitter.Fit(block, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        fitter.Fit(block, results);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    /// <summary>Rounding would decide the standard error of a dummy of one subject; without the subject, the others are the same.</summary>
    [Theory]
    [InlineData("HC2")]
    [InlineData("HC3")]
    [InlineData("HC4")]
    public void A_subject_that_determines_a_coefficient_gives_it_no_robust_error(string kind)
    {
        var (alone, rest) = (Engine("Age + sex + lone", kind, null), Engine("Age + sex", kind, "lone == 0"));
        var (with, without) = (Fit(alone), Fit(rest));
        // Of the others, the first lacks the subject.
        for (var e = 0; e < 2; e++)
        {
            double.IsFinite(with["lone.estimate"][e]).ShouldBeTrue();
            with["lone.std.error"][e].ShouldBe(double.NaN);
            with["lone.F.statistic"][e].ShouldBe(double.NaN);
            // HC4 has n and k in its exponent.
            if (kind != "HC4")
                with["Age.std.error"][e].ShouldBe(without["Age.std.error"][e], 1e-12);
            double.IsFinite(with["sexM.std.error"][e]).ShouldBeTrue();
        }
        alone.Warnings.ShouldContain(text => text.Contains($"{kind} do not exist for lone,", StringComparison.Ordinal));
        rest.Warnings.ShouldNotContain(text => text.Contains("do not exist", StringComparison.Ordinal));
    }

    private static LinearEngine Engine(string formula, string kind, string? subset) =>
        LinearEngine.Create(
            new()
            {
                Engine = "lm",
                Formula = $"y ~ {formula}",
                Subset = subset,
                NumSubjLthrAbs = 5,
                NumSubjLthrRel = 0,
                VarTerms = ["estimate", "std.error"],
                Hypotheses = new() { StandardErrors = kind, FTests = subset is null ? ["lone"] : [] },
            },
            DerivedColumnsOf(Cohort, "lone", "as.numeric(cumsum(w > 0) == 1)"),
            ["y"],
            "y",
            KernelChoice.Auto
        );

    [Fact]
    public void There_are_enough_cases() => Cases.Count.ShouldBeGreaterThanOrEqualTo(40);

    /// <summary>Values near 0 other than p-values are differences of numbers of size 1.</summary>
    private static bool IsClose(string name, double expected, double got) =>
        double.IsNaN(expected)
            ? double.IsNaN(got)
            : Math.Abs(got - expected)
                <= (1e-9 * Math.Abs(expected)) + (name.EndsWith(".p.value", StringComparison.Ordinal) ? 1e-300 : 1e-13);

    private static LinearEngine Engine(JsonElement json, KernelChoice kernel)
    {
        string? Text(string name) => json.GetProperty(name).GetString();
        List<ContrastSpec> contrasts =
        [
            .. Objects(json, "contrasts")
                .Select(contrast => new ContrastSpec(
                    contrast.Name,
                    null,
                    [.. contrast.Value.EnumerateObject().Select(weight => weight.Name)],
                    [.. contrast.Value.EnumerateObject().Select(weight => weight.Value.GetDouble())]
                )),
        ];
        var model = new ModelSpec
        {
            Engine = "lm",
            Formula = $"y ~ {Text("formula")}",
            Weights = Text("weights"),
            NumSubjLthrAbs = 5,
            NumSubjLthrRel = 0,
            VarTerms = ["estimate", "std.error", "statistic", "p.value"],
            Contrasts = Objects(json, "coding").ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!),
            Hypotheses = new()
            {
                Contrasts = contrasts,
                FTests = [.. Objects(json, "ftests").Concat(Objects(json, "joint")).Select(test => $"{test.Name}: {Join(test.Value)}")],
                AnovaType = Text("type")!,
                EffectSizes = json.GetProperty("effects").GetBoolean(),
                ConfLevel = json.GetProperty("level").GetDouble(),
                StandardErrors = Text("se"),
                Cluster = Text("cluster"),
            },
        };
        var cohort = json.GetProperty("emptyLevel").GetBoolean()
            ? DerivedColumnsOf(Cohort, "site", "factor(site, levels = c(\"a\", \"b\", \"c\", \"d\"))")
            : Cohort;
        return LinearEngine.Create(model, cohort, ["y"], "y", kernel);
    }

    private static CohortTable DerivedColumnsOf(CohortTable cohort, string name, string expression) =>
        DerivedColumns.Add(cohort, [$"{name}={expression}"]);

    private static string Join(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
            ? string.Join(", ", value.EnumerateArray().Select(one => one.GetString()))
            : value.GetString()!;

    private static List<JsonProperty> Objects(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: JsonValueKind.Object } value ? [.. value.EnumerateObject()] : [];

    private static Dictionary<string, double[]> Fit(LinearEngine engine, params int[] elements)
    {
        if (elements.Length == 0)
            elements = [.. Enumerable.Range(0, Elements)];
        var (block, results) = (Block(elements), Results(engine, elements.Length));
        using var fitter = engine.CreateFitter();
        fitter.Fit(block, results);
        var names = engine.Layout.PartialColumns;
        return Enumerable.Range(0, names.Count).ToDictionary(c => names[c], c => results.Column(c).ToArray());
    }

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

    private static ResultBlock Results(LinearEngine engine, int elements) =>
        new(new(0, elements), new double[engine.Layout.PartialColumns.Count * elements], new ElementStatus[elements]);

    private static Dictionary<string, JsonElement> Read() =>
        JsonDocument
            .Parse(System.IO.File.ReadAllText(File("cases.json")))
            .RootElement.EnumerateArray()
            .ToDictionary(one => one.GetProperty("id").GetString()!);

    private static double[][] ReadValues() =>
        [
            .. System
                .IO.File.ReadLines(File("values.csv"))
                .Skip(1)
                .Select(line =>
                    line.Split(',')
                        .Select(text => text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture))
                        .ToArray()
                ),
        ];

    private static string File(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "hypotheses", name);
}
