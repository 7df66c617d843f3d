using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Custom;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Custom;

/// <summary>A function in R over values in memory: 20 subjects, FD of subject s at element e is s + e / 8. Deleted on dispose.</summary>
internal sealed class CustomStudy : IDisposable
{
    public const int Subjects = 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-custom-").FullName;

    public CohortTable Cohort { get; } =
        new(
            "cohort.csv",
            [
                new TextColumn("source_file", [.. Enumerable.Range(0, Subjects).Select(i => $"s{i}")]),
                new NumericColumn("age", [.. Enumerable.Range(0, Subjects).Select(i => i == 3 ? double.NaN : 20.0 + i)], IsInteger: true),
                new TextColumn(
                    "site",
                    [
                        .. Enumerable
                            .Range(0, Subjects)
                            .Select(i =>
                                i == 4 ? null
                                : i % 2 == 0 ? "Köln"
                                : "a, \"b\""
                            ),
                    ]
                ),
                new LogicalColumn(
                    "patient",
                    [
                        .. Enumerable
                            .Range(0, Subjects)
                            .Select(i =>
                                i == 5 ? double.NaN
                                : i % 3 == 0 ? 1.0
                                : 0.0
                            ),
                    ]
                ),
                new FactorColumn(
                    "dose",
                    [.. Enumerable.Range(0, Subjects).Select(i => i == 6 ? -1 : i % 3)],
                    ["low", "middle", "high"],
                    IsOrdered: true
                ),
            ]
        );

    /// <summary>An engine that has learned its columns.</summary>
    public IRunsUserCode Engine(string function, Func<CustomSpec, CustomSpec>? with = null, string file = "f.R")
    {
        var spec = new CustomSpec { Function = Path.Combine(_folder, file) };
        File.WriteAllText(spec.Function, function);
        var engine = CustomEngine.Create(new() { Engine = "custom", Custom = with is null ? spec : with(spec) }, Cohort, ["FD"], "FD");
        return (IRunsUserCode)engine.Learn([Block(0, 1)]);
    }

    /// <summary>Values of consecutive elements; subjects may be missing at some.</summary>
    public static ScalarBlock Block(long first, int count, Func<int, long, bool>? isMissing = null)
    {
        var values = new double[Subjects * count];
        for (var s = 0; s < Subjects; s++)
        for (var e = 0; e < count; e++)
            values[(s * count) + e] = isMissing?.Invoke(s, first + e) == true ? double.NaN : s + ((first + e) / 8.0);
        return new(new ScalarValues[] { new(first, count, default, values, count) }, [Enumerable.Range(0, Subjects).ToArray()]);
    }

    /// <summary>A fitter's results for a block: columns by name, and codes.</summary>
    public static (Func<string, double[]> Column, ElementStatus[] Status) Fit(IModelEngine engine, params ScalarBlock[] blocks)
    {
        var (columns, total) = (engine.Layout.PartialColumns, blocks.Sum(block => block.Count));
        var (values, status) = (columns.ToDictionary(name => name, _ => new double[total]), new ElementStatus[total]);
        using var fitter = engine.CreateFitter();
        var done = 0;
        foreach (var block in blocks)
        {
            var (part, codes) = (new double[columns.Count * block.Count], new ElementStatus[block.Count]);
            fitter.Fit(block, new(new(block.FirstElement, block.FirstElement + block.Count), part, codes));
            for (var c = 0; c < columns.Count; c++)
                part.AsSpan(c * block.Count, block.Count).CopyTo(values[columns[c]].AsSpan(done));
            codes.CopyTo(status, done);
            done += block.Count;
        }
        return (name => values[name], status);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
