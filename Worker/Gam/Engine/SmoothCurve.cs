using HpcFit.Shared.Specs;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// The points at which a smooth's fitted function is stored: evenly spaced over the whole cohort's range of its covariate, the same at
/// every element; for several covariates a grid with at most as many points. Smooths for the levels of a factor have a curve for each
/// level. Random effects and smooths of scalars have none.
/// </summary>
/// <param name="Smooth">The smooth's index.</param>
/// <param name="Names">The covariates' names.</param>
/// <param name="Coordinates">Per covariate, its value at each point; the last covariate varies fastest.</param>
internal sealed record SmoothCurve(int Smooth, IReadOnlyList<string> Names, double[][] Coordinates)
{
    /// <summary>The level of each factor among the covariates, by name; empty if all are numeric.</summary>
    public IReadOnlyDictionary<string, string> Levels { get; init; } = new Dictionary<string, string>();

    /// <summary>The number of points.</summary>
    public int Count => Coordinates[0].Length;

    /// <summary>The curves of a model's smooths.</summary>
    /// <param name="smooths">The smooths.</param>
    /// <param name="covariates">A term's covariates for the whole cohort; null if they differ between elements.</param>
    /// <param name="points">The maximum number of points; 0: no curves.</param>
    public static IReadOnlyList<SmoothCurve> Create(
        IReadOnlyList<NamedSmooth> smooths,
        Func<SmoothTerm, Covariate[]?> covariates,
        int points
    )
    {
        var curves = new List<SmoothCurve>();
        for (var s = 0; points > 0 && s < smooths.Count; s++)
            if (!smooths[s].Term.IsRandomEffect && covariates(smooths[s].Term) is { } values)
                curves.AddRange(OfLevels(s, values, points));
        return curves;
    }

    private static IEnumerable<SmoothCurve> OfLevels(int smooth, Covariate[] covariates, int points)
    {
        var grid = Grid([.. covariates.Where(one => one.Codes is null)], points);
        IEnumerable<IReadOnlyDictionary<string, string>> combinations = [new Dictionary<string, string>()];
        foreach (var factor in covariates.Where(one => one.Codes is not null))
            combinations = combinations.SelectMany(levels =>
                factor.Levels!.Select(level => new Dictionary<string, string>(levels) { [factor.Name] = level })
            );
        foreach (var levels in combinations)
        {
            var numeric = 0;
            yield return new(
                smooth,
                [.. covariates.Select(one => one.Name)],
                [.. covariates.Select(one => one.Codes is null ? grid[numeric++] : new double[grid[0].Length])]
            )
            {
                Levels = levels,
            };
        }
    }

    /// <summary>The blocks of the fit and its standard error.</summary>
    /// <param name="name">The smooth's name in columns.</param>
    public IEnumerable<ColumnBlock> Blocks(string name) =>
        [new(BlockDestination.Analysis, $"{Folder(name)}/fit", Count), new(BlockDestination.Analysis, $"{Folder(name)}/se", Count)];

    /// <summary>The points, one dataset per covariate.</summary>
    /// <param name="name">The smooth's name in columns.</param>
    public IEnumerable<FixedDataset> Points(string name) =>
        Names
            .Select((covariate, i) => (covariate, i))
            .Where(one => !Levels.ContainsKey(one.covariate))
            .Select(one => new FixedDataset($"{Folder(name)}/{Path(one.covariate)}", Coordinates[one.i]));

    /// <summary>The columns at the points of this smooth as built for a set of rows; NaN if no subject has the curve's level.</summary>
    public DenseMatrix On(Smooth smooth)
    {
        var points = new double[Names.Count][];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = Coordinates[i];
            if (!Levels.TryGetValue(Names[i], out var level))
                continue;
            var code = smooth.Levels[Names[i]].IndexOf(level);
            if (code < 0)
                return Missing(smooth.X.Columns);
            points[i] = [.. Enumerable.Repeat((double)code, Count)];
        }
        var basis = smooth.At!(points);
        return smooth.KeptColumns is { } kept ? basis.TakeColumns(kept) : basis;
    }

    private DenseMatrix Missing(int columns)
    {
        var missing = new DenseMatrix(Count, columns);
        Array.Fill(missing.Values, double.NaN);
        return missing;
    }

    private string Folder(string name) =>
        $"smooth_curves/{Path(name)}"
        + string.Concat(Names.Where(Levels.ContainsKey).Select(factor => $"/{Path(factor + Levels[factor])}"));

    /// <summary>A covariate may be an expression that contains a division.</summary>
    private static string Path(string name) => name.Replace('/', '_');

    private static double[][] Grid(Covariate[] covariates, int points)
    {
        var side = 2;
        while (Power(side + 1, covariates.Length) <= points)
            side++;
        var count = (int)Power(side, covariates.Length);
        var coordinates = new double[covariates.Length][];
        for (int d = covariates.Length - 1, stride = 1; d >= 0; d--, stride *= side)
        {
            double low = covariates[d].Values.Min(),
                high = covariates[d].Values.Max();
            coordinates[d] =
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(i => (i / stride) % side)
                    .Select(at => at == side - 1 ? high : low + (at * ((high - low) / (side - 1)))),
            ];
        }
        return coordinates;
    }

    private static long Power(long number, int exponent)
    {
        var product = 1L;
        for (var i = 0; i < exponent; i++)
            product *= number;
        return product;
    }
}
