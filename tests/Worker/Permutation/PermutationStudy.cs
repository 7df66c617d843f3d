using System.Globalization;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Tests.Permutation;

/// <summary>A small study with permutation tests, whose values are made from a formula.</summary>
internal static class PermutationStudy
{
    /// <summary>The number of subjects.</summary>
    public const int Subjects = 36;

    /// <summary>The cohort: number, Age, sex, site, w, pair and half.</summary>
    public static CohortTable Cohort { get; } = MakeCohort();

    /// <summary>A model with permutation tests.</summary>
    public static ModelSpec Model(string formula, PermutationSpec permutation, string[] contrasts, params string[] tests) =>
        new()
        {
            Engine = "lm",
            Formula = $"y ~ {formula}",
            NumSubjLthrAbs = 2,
            NumSubjLthrRel = 0,
            Hypotheses = new() { Contrasts = [.. contrasts.Select(text => ContrastSpec.Parse(text, "--contrast"))], FTests = tests },
            Permutation = permutation,
        };

    /// <summary>The engine of a model.</summary>
    public static PermutationEngine Engine(ModelSpec model, KernelChoice kernel = KernelChoice.Auto) =>
        PermutationEngine.Create(model, Cohort, ["y"], "y", kernel);

    /// <summary>
    /// Values of elements, subject by subject. Element 0 is noise, 1 has effects, 2 a large mean with little variation, 3 is fitted nearly
    /// perfectly, 4 misses a subject, 5 is constant; then they repeat with other noise.
    /// </summary>
    public static double[,] Values(int elements)
    {
        var values = new double[Subjects, elements];
        for (var element = 0; element < elements; element++)
        for (var subject = 0; subject < Subjects; subject++)
        {
            var noise = Noise(subject, element);
            var age = Age(subject);
            values[subject, element] = (element % 6) switch
            {
                0 => noise,
                1 => (0.05 * age) + (subject % 2) + noise,
                2 => 1e4 + (1e-3 * noise),
                3 => (0.5 * age) + (1e-4 * noise),
                4 => subject == 7 ? double.NaN : noise,
                _ => 3,
            };
        }
        return values;
    }

    /// <summary>A block of elements.</summary>
    public static ScalarBlock Block(double[,] values, int first, int count)
    {
        var part = new double[Subjects * count];
        for (var subject = 0; subject < Subjects; subject++)
        for (var element = 0; element < count; element++)
            part[(subject * count) + element] = values[subject, first + element];
        return new(
            new[] { new ScalarValues(first, count, default, part, count) },
            [
                [.. Enumerable.Range(0, Subjects)],
            ]
        );
    }

    /// <summary>Fits elements; returns columns by name, counts included, and the extremes.</summary>
    public static (Dictionary<string, double[]> Columns, ElementStatus[] Status, byte[] Extremes) Fit(
        PermutationEngine engine,
        double[,] values,
        params (int First, int Count)[] blocks
    )
    {
        var elements = values.GetLength(1);
        if (blocks.Length == 0)
            blocks = [(0, elements)];
        var width = engine.Layout.PartialWidth;
        var (columns, status) = (new double[width * elements], new ElementStatus[elements]);
        var all = new ResultBlock(new(0, elements), columns, status) { Bytes = new byte[engine.Layout.BytesPerBlock] };
        using var fitter = engine.CreateFitter();
        foreach (var (first, count) in blocks)
            fitter.Fit(Block(values, first, count), all.Slice(new(first, first + count)));
        List<string> names =
        [
            .. engine.Layout.PartialColumns,
            .. Enumerable.Range(0, width - engine.Layout.PartialColumns.Count).Select(i => $"count{i}"),
        ];
        return (
            names.Select((name, c) => (name, c)).ToDictionary(one => one.name, one => all.Column(one.c).ToArray()),
            status,
            all.Bytes.ToArray()
        );
    }

    private static CohortTable MakeCohort()
    {
        var folder = Directory.CreateTempSubdirectory("hpcfit-permutation").FullName;
        var file = Path.Combine(folder, "cohort.csv");
        var lines = Enumerable
            .Range(0, Subjects)
            .Select(i =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{i},{Age(i)},{(i % 2 == 0 ? "F" : "M")},{"abc"[i % 3]},{1 + (0.25 * (i % 5))},p{i / 2},{"xy"[i / 18]},s{i}.mif"
                )
            );
        File.WriteAllLines(file, lines.Prepend("number,Age,sex,site,w,pair,half,source_file"));
        try
        {
            return CohortTable.Read(file);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Age(int subject) => 20 + (37 * subject % 60) + (0.125 * (subject % 7));

    private static double Noise(int subject, int element)
    {
        var random = new Random((1000 * element) + subject);
        return Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;
    }
}
