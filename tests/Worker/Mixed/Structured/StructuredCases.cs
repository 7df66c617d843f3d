using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Structured;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Mixed.Structured;

/// <summary>The cases of cases/make_cases.R, and fits of their elements.</summary>
internal static class StructuredCases
{
    /// <summary>The number of elements.</summary>
    public const int Elements = 5;

    /// <summary>The cases by name.</summary>
    public static Dictionary<string, JsonElement> All { get; } =
        JsonDocument
            .Parse(System.IO.File.ReadAllText(PathOf("cases.json")))
            .RootElement.GetProperty("cases")
            .EnumerateObject()
            .ToDictionary(one => one.Name, one => one.Value);

    /// <summary>The cohort.</summary>
    public static CohortTable Cohort { get; } = CohortTable.Read(PathOf("cohort.csv"));

    private static double[][] Values { get; } =
    [
        .. System
            .IO.File.ReadLines(PathOf("values.csv"))
            .Select(line => line.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray()),
    ];

    /// <summary>R's value; NaN: it has none.</summary>
    public static double Expected(JsonElement columns, string name, int element) =>
        columns.TryGetProperty(name, out var values) && values[element] is { ValueKind: JsonValueKind.Number } number
            ? number.GetDouble()
            : double.NaN;

    /// <summary>The engine of a case.</summary>
    public static StructuredEngine Engine(JsonElement json, KernelChoice kernel = KernelChoice.Auto) =>
        Engine(
            "y ~ " + json.GetProperty("formula").GetString(),
            !json.GetProperty("reml").GetBoolean(),
            json.GetProperty("weights").GetString(),
            json.GetProperty("subset").GetString(),
            kernel
        );

    /// <summary>The engine of a formula.</summary>
    public static StructuredEngine Engine(
        string formula,
        bool ml = false,
        string? weights = null,
        string? subset = null,
        KernelChoice kernel = KernelChoice.Auto
    ) =>
        StructuredEngine.Create(
            new()
            {
                Engine = "lmm",
                Formula = formula,
                Weights = weights,
                Subset = subset,
                NumSubjLthrAbs = 5,
                NumSubjLthrRel = 0,
                FullOutputs = true,
                Mixed = new() { Ml = ml },
            },
            Cohort,
            ["y", "z"],
            "y",
            kernel
        );

    /// <summary>The columns of some elements.</summary>
    public static Dictionary<string, double[]> Fit(StructuredEngine engine, int[] elements)
    {
        using var fitter = engine.CreateFitter();
        var results = Results(engine, elements.Length);
        fitter.Fit(Block(elements), results);
        return engine
            .Layout.PartialColumns.Select((name, c) => (name, c))
            .ToDictionary(one => one.name, one => results.Column(one.c).ToArray());
    }

    /// <summary>A block of some elements.</summary>
    public static ScalarBlock Block(int[] elements)
    {
        double[] values = [.. Values.SelectMany(row => elements.Select(e => row[e]))];
        return new(
            new[] { new ScalarValues(0, elements.Length, default, values, elements.Length) },
            [
                [.. Enumerable.Range(0, Values.Length)],
            ]
        );
    }

    /// <summary>Memory for results.</summary>
    public static ResultBlock Results(StructuredEngine engine, int elements) =>
        new(new(0, elements), new double[engine.Layout.PartialColumns.Count * elements], new ElementStatus[elements]);

    /// <summary>The path of a file of the cases.</summary>
    public static string PathOf(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "cases", name);
}
