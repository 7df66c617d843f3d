using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Generalized;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Generalized;

/// <summary>The models and responses of cases/make_cases.R.</summary>
internal static class GeneralizedCases
{
    /// <summary>The elements of every case.</summary>
    public const int Elements = 7;

    /// <summary>The subjects.</summary>
    public static readonly CohortTable Cohort = CohortTable.Read(File("cohort.csv"));
    private static readonly Dictionary<string, double[]> Values = ReadValues();

    /// <summary>The cases by name.</summary>
    public static IReadOnlyDictionary<string, JsonElement> All { get; } = Read();

    public static GeneralizedEngine Engine(JsonElement json, KernelChoice kernel = KernelChoice.Auto)
    {
        string[] contrasts = [.. json.GetProperty("contrasts").EnumerateArray().Select(one => one.GetString()!)];
        string[] tests = [.. json.GetProperty("tests").EnumerateArray().Select(one => one.GetString()!)];
        return GeneralizedEngine.Create(
            new()
            {
                Engine = "glm",
                Formula = "y ~ " + json.GetProperty("formula").GetString(),
                Family = new() { Name = json.GetProperty("family").GetString()!, Link = json.GetProperty("link").GetString()! },
                Weights = json.GetProperty("weights").GetString(),
                Subset = json.GetProperty("subset").GetString(),
                NumSubjLthrAbs = 5,
                NumSubjLthrRel = 0,
                FullOutputs = true,
                Hypotheses = new()
                {
                    Contrasts = [.. contrasts.Select(text => ContrastSpec.Parse(text, "--contrast"))],
                    FTests = tests,
                    EffectSizes = true,
                    Cluster = null,
                },
            },
            Cohort,
            ["y"],
            "y",
            kernel
        );
    }

    public static (Dictionary<string, double[]> Columns, ElementStatus[] Status) Fit(
        GeneralizedEngine engine,
        JsonElement json,
        int[] elements
    )
    {
        using var fitter = engine.CreateFitter();
        var results = Results(engine, elements.Length);
        fitter.Fit(Block(json, elements), results);
        return (
            engine
                .Layout.PartialColumns.Select((name, c) => (name, c))
                .ToDictionary(one => one.name, one => results.Column(one.c).ToArray()),
            results.Status.ToArray()
        );
    }

    public static ScalarBlock Block(JsonElement json, int[] elements)
    {
        var kind = json.GetProperty("kind").GetString();
        double[] values = [.. Enumerable.Range(0, Cohort.Rows).SelectMany(row => elements.Select(e => Values[$"{kind}{e + 1}"][row]))];
        return new(
            new[] { new ScalarValues(0, elements.Length, default, values, elements.Length) },
            [
                [.. Enumerable.Range(0, Cohort.Rows)],
            ]
        );
    }

    public static ResultBlock Results(GeneralizedEngine engine, int elements) =>
        new(new(0, elements), new double[engine.Layout.PartialColumns.Count * elements], new ElementStatus[elements]);

    private static Dictionary<string, JsonElement> Read() =>
        JsonDocument
            .Parse(System.IO.File.ReadAllText(File("cases.json")))
            .RootElement.GetProperty("cases")
            .EnumerateObject()
            .ToDictionary(one => one.Name, one => one.Value);

    private static Dictionary<string, double[]> ReadValues()
    {
        var lines = System.IO.File.ReadLines(File("values.csv")).Select(line => line.Split(',')).ToList();
        return Enumerable
            .Range(0, lines[0].Length)
            .ToDictionary(
                column => lines[0][column],
                column => lines.Skip(1).Select(line => double.Parse(line[column], CultureInfo.InvariantCulture)).ToArray()
            );
    }

    private static string File(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "cases", name);
}
