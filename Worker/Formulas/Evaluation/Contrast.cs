using System.Globalization;
using HpcFit.Shared.Cohort;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>A contrast function of R, applied to any number of levels.</summary>
/// <param name="Kind">The family: treatment, sum, helmert or poly.</param>
/// <param name="Base">Treatment's 0-based reference level.</param>
/// <param name="Scores">The scores of poly, or null: 1, 2, ….</param>
/// <param name="IsNumbered">Whether treatment's columns are named by the levels' numbers, as R does if <c>C()</c> is given a function or
/// further arguments.</param>
/// <param name="HowMany">Use only this number of leading columns; null: all.</param>
/// <param name="Matrix">The matrix of a matrix: the contrasts' values and names.</param>
internal sealed record Contrast(
    ContrastKind Kind,
    int Base = 0,
    IReadOnlyList<double>? Scores = null,
    bool IsNumbered = false,
    int? HowMany = null,
    FactorContrasts? Matrix = null
)
{
    /// <summary>The names <c>--contrasts</c> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = ["contr.treatment", "contr.SAS", "contr.sum", "contr.helmert", "contr.poly"];

    /// <summary>
    /// The contrast with R's name, with or without <c>contr.</c>; null if there is none. <c>contr.SAS</c> is treatment with the last level
    /// as reference.
    /// </summary>
    public static Contrast? Named(string name) =>
        (name.StartsWith("contr.", StringComparison.Ordinal) ? name[6..] : name) switch
        {
            "treatment" => new(ContrastKind.Treatment),
            "SAS" => new(ContrastKind.Treatment, -1),
            "sum" => new(ContrastKind.Sum),
            "helmert" => new(ContrastKind.Helmert),
            "poly" => new(ContrastKind.Poly),
            _ => null,
        };

    /// <summary>The contrasts that are set on a factor of the cohort; null: none.</summary>
    public static Contrast? From(FactorContrasts? given) =>
        given is null ? null
        : given.Function is { } name ? Named(name)
        : new(ContrastKind.Matrix, Matrix: given);

    /// <summary>R's name of the contrast function; <c>matrix</c> for contrasts without one.</summary>
    public string RName =>
        Kind switch
        {
            ContrastKind.Treatment when Base < 0 => "contr.SAS",
            ContrastKind.Treatment => "contr.treatment",
            ContrastKind.Sum => "contr.sum",
            ContrastKind.Helmert => "contr.helmert",
            ContrastKind.Matrix => "matrix",
            _ => "contr.poly",
        };

    /// <summary>The level with which treatment contrasts compare the others; null for other contrasts.</summary>
    public string? Reference(IReadOnlyList<string> levels) =>
        Kind != ContrastKind.Treatment ? null : levels[Base < 0 ? levels.Count - 1 : Base];

    /// <summary>The coding of <paramref name="levels"/>: one column per contrast, with one value per level.</summary>
    public (double[][] Columns, string[] Names) Code(IReadOnlyList<string> levels)
    {
        var (columns, names) = CodeAll(levels);
        return HowMany is { } many ? (columns[..many], names[..many]) : (columns, names);
    }

    private (double[][] Columns, string[] Names) CodeAll(IReadOnlyList<string> levels)
    {
        var n = levels.Count;
        return Kind switch
        {
            ContrastKind.Treatment => Indicators(
                IsNumbered ? [.. Enumerable.Range(1, n).Select(i => i.ToString(CultureInfo.InvariantCulture))] : levels,
                Base < 0 ? n - 1 : Base
            ),
            ContrastKind.Sum => (
                Columns(
                    n,
                    (level, column) =>
                        level == column ? 1
                        : level == n - 1 ? -1
                        : 0
                ),
                Numbered(n)
            ),
            ContrastKind.Helmert => (
                Columns(
                    n,
                    (level, column) =>
                        level <= column ? -1
                        : level == column + 1 ? column + 1
                        : 0
                ),
                Numbered(n)
            ),
            ContrastKind.Matrix => ([.. Matrix!.Columns.Select(column => column.ToArray())], [.. Matrix.Names]),
            _ => (
                OrthogonalPolynomials.Fit(Scores is null ? [.. Enumerable.Range(1, n).Select(i => (double)i)] : [.. Scores], n - 1),
                PolyNames(n - 1)
            ),
        };
    }

    /// <summary>Full dummy coding: one indicator per level except <paramref name="omitted"/> (-1: none).</summary>
    public static (double[][] Columns, string[] Names) Indicators(IReadOnlyList<string> levels, int omitted = -1)
    {
        var kept = Enumerable.Range(0, levels.Count).Where(level => level != omitted).ToArray();
        return (
            [.. kept.Select(column => Enumerable.Range(0, levels.Count).Select(level => level == column ? 1.0 : 0.0).ToArray())],
            [.. kept.Select(level => levels[level])]
        );
    }

    private static double[][] Columns(int levels, Func<int, int, double> value) =>
        [.. Enumerable.Range(0, levels - 1).Select(column => Enumerable.Range(0, levels).Select(level => value(level, column)).ToArray())];

    private static string[] Numbered(int levels) =>
        [.. Enumerable.Range(1, levels - 1).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    private static string[] PolyNames(int degree) =>
        [
            .. Enumerable
                .Range(1, degree)
                .Select(i =>
                    i switch
                    {
                        1 => ".L",
                        2 => ".Q",
                        3 => ".C",
                        _ => $"^{i}",
                    }
                ),
        ];
}

/// <summary>The families of contrasts.</summary>
internal enum ContrastKind
{
    Treatment,
    Sum,
    Helmert,
    Poly,
    Matrix,
}
