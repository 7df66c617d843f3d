using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;
using HpcFit.Worker.Gam.Terms;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// The points at which a smooth's fitted function is stored: evenly spaced over the whole cohort's range of its covariate, the same at
/// every element; for several covariates a grid with at most as many points. Smooths for the levels of a factor have a curve for each
/// level. Random effects and smooths of scalars have none.
/// </summary>
/// <param name="Smooth">The smooth's index.</param>
/// <param name="Names">The covariates' names.</param>
/// <param name="Coordinates">Per covariate, its value at each point, or the code of the level; the last covariate varies fastest.</param>
internal sealed record SmoothCurve(int Smooth, IReadOnlyList<string> Names, double[][] Coordinates)
{
    /// <summary>The level of each factor among the covariates, by name; empty if all are numeric.</summary>
    public IReadOnlyDictionary<string, string> Levels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it is the derivative of the function.</summary>
    public bool IsDerivative { get; init; }

    /// <summary>Whether its intervals are stored.</summary>
    public bool HasLimits { get; init; }

    /// <summary>The number of blocks: the value, its standard error, and the limits of its interval.</summary>
    public int Statistics => HasLimits ? 4 : 2;

    /// <summary>The number of points.</summary>
    public int Count => Coordinates[0].Length;

    /// <summary>The curves of a model's smooths.</summary>
    /// <param name="smooths">The smooths.</param>
    /// <param name="covariates">A term's covariates for the whole cohort; null if they differ between elements.</param>
    /// <param name="hasSlopes">Whether a term's smooths have derivatives.</param>
    /// <param name="gam">The number of points, and whether derivatives and intervals are stored.</param>
    public static IReadOnlyList<SmoothCurve> Create(
        IReadOnlyList<NamedSmooth> smooths,
        Func<SmoothTerm, Covariate[]?> covariates,
        Func<SmoothTerm, bool> hasSlopes,
        GamSpec gam
    )
    {
        var curves = new List<SmoothCurve>();
        for (var s = 0; gam.SmoothCurves > 0 && s < smooths.Count; s++)
        {
            if (smooths[s].Term.IsRandomEffect || covariates(smooths[s].Term) is not { } values)
                continue;
            foreach (var curve in OfLevels(s, values, gam.SmoothCurves))
            {
                curves.Add(curve with { HasLimits = gam.SmoothIntervals is not null });
                if (gam.SmoothDerivatives && hasSlopes(smooths[s].Term))
                    curves.Add(curves[^1] with { IsDerivative = true });
            }
        }
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
            double[] Coordinate(Covariate one)
            {
                if (one.Codes is null)
                    return grid[numeric++];
                // An element that lacks a level is not fitted, so that the codes of the whole cohort are those of every element.
                var code = one.Levels!.ToList().IndexOf(levels[one.Name]);
                return [.. Enumerable.Repeat((double)code, grid[0].Length)];
            }
            yield return new(smooth, [.. covariates.Select(one => one.Name)], [.. covariates.Select(Coordinate)]) { Levels = levels };
        }
    }

    /// <summary>The blocks of the values, their standard errors and the limits of their intervals.</summary>
    /// <param name="name">The smooth's name in columns.</param>
    public IEnumerable<ColumnBlock> Blocks(string name)
    {
        string[] names = IsDerivative
            ? ["derivative", "derivative_se", "derivative_lower", "derivative_upper"]
            : ["fit", "se", "lower", "upper"];
        return names.Take(Statistics).Select(block => new ColumnBlock(BlockDestination.Analysis, $"{Folder(name)}/{block}", Count));
    }

    /// <summary>The points, one dataset per covariate; a derivative has those of its function.</summary>
    /// <param name="name">The smooth's name in columns.</param>
    public IEnumerable<FixedDataset> Points(string name) =>
        Names
            .Select((covariate, i) => (covariate, i))
            .Where(one => !IsDerivative && !Levels.ContainsKey(one.covariate))
            .Select(one => new FixedDataset($"{Folder(name)}/{Path(one.covariate)}", Coordinates[one.i]));

    /// <summary>The columns, or their derivatives, at the points of this smooth as built for a set of rows.</summary>
    public DenseMatrix On(Smooth smooth)
    {
        var basis = IsDerivative ? smooth.SlopeAt!(Coordinates) : smooth.At!(Coordinates);
        return smooth.KeptColumns is { } kept ? basis.TakeColumns(kept) : basis;
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
