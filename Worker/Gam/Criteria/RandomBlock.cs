using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// A random term of several effects per group, or of one: its smooths <c>bs = "re"</c> with columns in units in which variances of effects
/// are comparable. Immutable.
/// </summary>
/// <param name="Smooths">The places of its smooths among those of the model.</param>
/// <param name="Map">The effects as typed from those in these units: M, b = M b̃.</param>
internal sealed record RandomBlock(IReadOnlyList<int> Smooths, DenseMatrix Map)
{
    /// <summary>The number of effects.</summary>
    public int Effects => Smooths.Count;

    /// <summary>The parameters of the search that determine the covariance of the effects; set when the design is assembled.</summary>
    public FactorEntry[] Entries { get; init; } = [];

    /// <summary>Whether the groups are eliminated one by one.</summary>
    public bool IsAbsorbed { get; init; }

    /// <summary>
    /// The random terms of a model, whose columns are standardised in place. Those of the factor with the most columns are to be absorbed.
    /// </summary>
    /// <param name="smooths">The model's smooths; those of the terms are replaced.</param>
    /// <param name="factors">Per grouping factor its terms, and per term the places of its smooths.</param>
    public static IReadOnlyList<RandomBlock> Standardise(Smooth[] smooths, IReadOnlyList<IReadOnlyList<int[]>> factors)
    {
        var largest = factors.MaxBy(terms => terms.Sum(term => term.Sum(place => smooths[place].X.Columns)));
        return [.. factors.SelectMany(terms => terms.Select(term => Standardise(smooths, term) with { IsAbsorbed = terms == largest }))];
    }

    /// <summary>The terms with their parameters: a smoothing parameter of each effect, and the entries below the diagonal.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="smooths">The model's smooths.</param>
    /// <param name="firstCovariance">The first parameter of an entry below a diagonal.</param>
    public static IReadOnlyList<RandomBlock> Place(
        IReadOnlyList<RandomBlock> terms,
        IReadOnlyList<PlacedSmooth> smooths,
        int firstCovariance
    )
    {
        var next = firstCovariance;
        var placed = new List<RandomBlock>();
        foreach (var term in terms)
        {
            var entries = new List<FactorEntry>();
            for (var row = 0; row < term.Effects; row++)
            for (var column = 0; column <= row; column++)
                entries.Add(new(row, column, row == column ? smooths[term.Smooths[row]].FirstPenalty : next++));
            placed.Add(term with { Entries = [.. entries] });
        }
        return placed;
    }

    /// <summary>
    /// Covariates are divided by their deviation from their mean if the term has an intercept, with which they are correlated, otherwise
    /// from 0.
    /// </summary>
    private static RandomBlock Standardise(Smooth[] smooths, int[] places)
    {
        var effects = places.Length;
        var map = new DenseMatrix(effects, effects);
        var hasIntercept = IsIntercept(smooths[places[0]].X);
        for (var e = 0; e < effects; e++)
        {
            var own = smooths[places[e]];
            var isSlope = e > 0 || !hasIntercept;
            double[] values = isSlope ? [.. Enumerable.Range(0, own.X.Rows).Select(row => ValueOf(own.X, row))] : [];
            var centre = isSlope && hasIntercept ? values.Sum() / values.Length : 0;
            var scale = isSlope ? Math.Sqrt(values.Sum(value => (value - centre) * (value - centre)) / values.Length) : 1;
            scale = scale > 0 ? scale : 1;
            map[e, e] = 1 / scale;
            if (hasIntercept && e > 0)
                map[0, e] = -centre / scale;
            var x = new DenseMatrix(own.X.Rows, own.X.Columns);
            for (var row = 0; row < x.Rows; row++)
            {
                FixedOrder.Add(1 / scale, own.X.Row(row), x.Row(row));
                if (centre != 0)
                    FixedOrder.Add(-centre / scale, smooths[places[0]].X.Row(row), x.Row(row));
            }
            smooths[places[e]] = own with { X = x, Penalties = [DenseMatrix.Identity(x.Columns)] };
        }
        return new(places, map);
    }

    private static bool IsIntercept(DenseMatrix x)
    {
        for (var row = 0; row < x.Rows; row++)
            if (ValueOf(x, row) != 1)
                return false;
        return true;
    }

    private static double ValueOf(DenseMatrix x, int row) => x.Row(row).IndexOfAnyExcept(0) is >= 0 and var group ? x[row, group] : 0;
}
