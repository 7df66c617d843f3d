using System.Globalization;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Verbs;

/// <summary>Copies of the oracle's data files with fits of the models that tests compare; each model is fitted once.</summary>
public sealed class ComparedStudies : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _analyses = [];

    /// <summary>The copy of a data file.</summary>
    public string Data(string study)
    {
        var path = _folder.Combine(study + ".h5");
        if (!File.Exists(path))
            File.Copy(RepositoryRoot.Combine("tests", "Data", "oracle", "data", study + ".h5"), path);
        return path;
    }

    /// <summary>The name of the analysis with a model.</summary>
    public string Fit(string study, string engine, string formula, params string[] more)
    {
        var key = string.Join('\n', [study, engine, formula, .. more]);
        if (_analyses.TryGetValue(key, out var known))
            return known;
        var name = $"fit{_analyses.Count}";
        var cohort = RepositoryRoot.Combine("tests", "Data", "oracle", "data", study + ".csv");
        HpcFitProgram
            .Run([
                "run",
                "--model",
                engine,
                "--data",
                Data(study),
                "--phenotypes",
                cohort,
                "--formula",
                formula,
                "--analysis",
                name,
                .. more.Contains("--var-model") ? [] : (string[])["--full-outputs"],
                .. more,
            ])
            .ShouldSucceed();
        _analyses.Add(key, name);
        return name;
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>A case of tests/EndToEnd/compare/cases.csv with R's numbers for some elements.</summary>
/// <param name="Fields">The row of the case: name, data, formulas, weights, engines, method, test.</param>
/// <param name="Expected">Per element: AIC, BIC, degrees of freedom, residual ones, statistic, p; NaN where R has none.</param>
internal sealed record ComparisonCase(IReadOnlyList<string> Fields, IReadOnlyDictionary<int, double[]> Expected)
{
    public static IReadOnlyList<ComparisonCase> All { get; } = Read();

    public string Name => Fields[0];

    private static IReadOnlyList<ComparisonCase> Read()
    {
        var expected = Rows("expected.csv")
            .GroupBy(row => row[0])
            .ToDictionary(
                group => group.Key,
                group =>
                    group.ToDictionary(
                        row => int.Parse(row[1], CultureInfo.InvariantCulture),
                        row =>
                            row.Skip(2)
                                .Select(cell => cell == "NA" ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture))
                                .ToArray()
                    )
            );
        return [.. Rows("cases.csv").Select(row => new ComparisonCase(row, expected[row[0]]))];
    }

    /// <summary>The cells of a CSV file; quoted ones contain commas but no quotes.</summary>
    private static IEnumerable<string[]> Rows(string name) =>
        File.ReadLines(RepositoryRoot.Combine("tests", "EndToEnd", "compare", name))
            .Skip(1)
            .Select(line => line.Split('"').SelectMany((part, at) => at % 2 == 1 ? [part] : Unquoted(part, at == 0)).ToArray());

    /// <summary>The cells of a part between quoted cells, whose separators belong to the part.</summary>
    private static IEnumerable<string> Unquoted(string part, bool isFirst)
    {
        var cells = part.Split(',');
        var from = isFirst ? 0 : 1;
        return cells.Skip(from).SkipLast(part.EndsWith(',') ? 1 : 0);
    }
}
