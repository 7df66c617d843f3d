using HpcFit.Shared.Specs;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// The points at which a smooth's fitted function is stored: evenly spaced over the whole cohort's range of its covariate, the same at
/// every element; for several covariates a grid with at most as many points. Random effects, t2 and smooths of scalars have none.
/// </summary>
/// <param name="Smooth">The smooth's index.</param>
/// <param name="Names">The covariates' names.</param>
/// <param name="Coordinates">Per covariate, its value at each point; the last covariate varies fastest.</param>
internal sealed record SmoothCurve(int Smooth, IReadOnlyList<string> Names, double[][] Coordinates)
{
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
                curves.Add(new(s, [.. values.Select(one => one.Name)], Grid(values, points)));
        return curves;
    }

    /// <summary>The blocks of the fit and its standard error.</summary>
    /// <param name="name">The smooth's name in columns.</param>
    public IEnumerable<ColumnBlock> Blocks(string name) =>
        [new(BlockDestination.Analysis, $"{Folder(name)}/fit", Count), new(BlockDestination.Analysis, $"{Folder(name)}/se", Count)];

    /// <summary>The points, one dataset per covariate.</summary>
    /// <param name="name">The smooth's name in columns.</param>
    public IEnumerable<FixedDataset> Points(string name) =>
        Names.Select((covariate, i) => new FixedDataset($"{Folder(name)}/{Path(covariate)}", Coordinates[i]));

    /// <summary>The columns at the points of this smooth as built for a set of rows.</summary>
    public DenseMatrix On(Smooth smooth)
    {
        var basis = smooth.At!(Coordinates);
        return smooth.KeptColumns is { } kept ? basis.TakeColumns(kept) : basis;
    }

    private static string Folder(string name) => $"smooth_curves/{Path(name)}";

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
