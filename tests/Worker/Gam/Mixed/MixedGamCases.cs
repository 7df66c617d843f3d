using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Gam.Mixed;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Gam.Mixed;

/// <summary>The cases of cases/make_cases.R, and fits of their elements.</summary>
internal static class MixedGamCases
{
    /// <summary>The cases by name.</summary>
    public static Dictionary<string, JsonElement> All { get; } =
        JsonDocument
            .Parse(File.ReadAllText(PathOf("cases.json")))
            .RootElement.GetProperty("cases")
            .EnumerateObject()
            .ToDictionary(one => one.Name, one => one.Value);

    /// <summary>The cohort.</summary>
    public static CohortTable Cohort { get; } = CohortTable.Read(PathOf("cohort.csv"));

    private static double[][] Values { get; } =
    [
        .. File.ReadLines(PathOf("values.csv"))
            .Select(line => line.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray()),
    ];

    /// <summary>The elements of a case.</summary>
    public static int[] ElementsOf(JsonElement json) =>
        [.. Enumerable.Range(json.GetProperty("first").GetInt32(), json.GetProperty("elements").GetInt32())];

    /// <summary>The model of a case.</summary>
    public static ModelSpec Spec(JsonElement json)
    {
        var (family, contrast, test) = (Text("family"), Text("contrast"), Text("fTest"));
        return Spec("y ~ " + Text("formula"), Text("weights"), Text("subset"), json.GetProperty("ml").GetBoolean()) with
        {
            Family = family is null ? null : new() { Name = family, Link = Text("link")! },
            Hypotheses =
                contrast is null && test is null
                    ? null
                    : new()
                    {
                        Contrasts = contrast is null ? [] : [ContrastSpec.Parse(contrast, "--contrast")],
                        FTests = test is null ? [] : [test],
                        AnovaType = HypothesisSpec.TypeThree,
                        EffectSizes = true,
                    },
            Gam = new()
            {
                Method = json.GetProperty("ml").GetBoolean() ? "ML" : "REML",
                Select = json.GetProperty("select").GetBoolean(),
                Gamma = json.GetProperty("gamma").GetDouble(),
                SmoothCurves = json.GetProperty("curves").GetInt32(),
            },
            Mixed = new()
            {
                Ml = json.GetProperty("ml").GetBoolean(),
                Df = MixedSpec.Residual,
                TestRandom = Text("test"),
                ConfLevel = 0.95,
            },
        };

        string? Text(string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    /// <summary>The model of a formula, with all statistics.</summary>
    public static ModelSpec Spec(string formula, string? weights = null, string? subset = null, bool ml = false) =>
        new()
        {
            Engine = "gamm",
            Formula = formula,
            Weights = weights,
            Subset = subset,
            NumSubjLthrAbs = 5,
            NumSubjLthrRel = 0,
            FullOutputs = true,
            Gam = new() { Method = ml ? "ML" : "REML" },
            Mixed = new() { Ml = ml, Df = MixedSpec.Residual },
        };

    /// <summary>The engine of a model.</summary>
    public static MixedGamEngine EngineOf(ModelSpec model) => MixedGamEngine.Create(model, Cohort, ["y", "z"], "y");

    /// <summary>The columns of some elements.</summary>
    public static Dictionary<string, double[]> Fit(IModelEngine engine, int[] elements) => Fit(engine, Block(elements), out _);

    /// <summary>The columns of a block, with those of curves.</summary>
    public static Dictionary<string, double[]> Fit(IModelEngine engine, ScalarBlock block, out ElementStatus[] statuses)
    {
        using var fitter = engine.CreateFitter();
        var results = Results(engine, block.Count);
        fitter.Fit(block, results);
        statuses = results.Status.ToArray();
        return engine
            .Layout.PartialColumns.Concat(
                engine.Layout.Blocks.SelectMany(one => Enumerable.Range(1, one.Columns).Select(i => $"{one.Name}.{i}"))
            )
            .Select((name, c) => (name, c))
            .ToDictionary(one => one.name, one => results.Column(one.c).ToArray());
    }

    /// <summary>A block of some elements.</summary>
    public static ScalarBlock Block(int[] elements) => Block(elements, value => value);

    /// <summary>A block of some elements with some values replaced.</summary>
    public static ScalarBlock Block(int[] elements, Func<double, double> change) => Block(elements, (_, value) => change(value));

    /// <summary>A block of some elements with the values of some rows replaced.</summary>
    public static ScalarBlock Block(int[] elements, Func<int, double, double> change)
    {
        double[] values = [.. Values.SelectMany((row, i) => elements.Select(e => change(i, row[e])))];
        return new(
            new[] { new ScalarValues(0, elements.Length, default, values, elements.Length) },
            [
                [.. Enumerable.Range(0, Values.Length)],
            ]
        );
    }

    /// <summary>Memory for results.</summary>
    public static ResultBlock Results(IModelEngine engine, int elements) =>
        new(new(0, elements), new double[engine.Layout.PartialWidth * elements], new ElementStatus[elements]);

    /// <summary>R's value; NaN: it has none.</summary>
    public static double Expected(JsonElement columns, string name, int element) =>
        columns.TryGetProperty(name, out var values)
        && (values.ValueKind == JsonValueKind.Array ? values[element] : values) is { ValueKind: JsonValueKind.Number } number
            ? number.GetDouble()
            : double.NaN;

    /// <summary>The path of a file of the cases.</summary>
    private static string PathOf(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "cases", name);
}
