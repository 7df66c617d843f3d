using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// The part of a generalized additive model that does not depend on the response, for one set of rows: columns in the coordinates
/// θ = (u, γ) of <see cref="GamDesign"/>, whose penalties act on γ only. Immutable; shared by threads.
/// </summary>
/// <remarks>
/// Matrices are stored by columns, so that products with weights are sums over long vectors. For ML the determinant is that of the
/// penalised columns alone, not projected (Wood 2011, §2.1).
/// </remarks>
internal sealed class GeneralizedDesign
{
    /// <summary>Prepares a model matrix.</summary>
    /// <param name="columns">The model matrix without weights, and its coordinates.</param>
    /// <param name="parametric">The parametric columns, for the weighted design at the optimum.</param>
    /// <param name="weights">Prior weights, or null.</param>
    /// <param name="offset">The offset, or null.</param>
    public GeneralizedDesign(GamDesign columns, DenseMatrix parametric, double[]? weights, double[]? offset)
    {
        (Columns, Parametric) = (columns, parametric);
        Weights = weights ?? Enumerable.Repeat(1.0, columns.Rows).ToArray();
        Offset = offset ?? new double[columns.Rows];
        Counted = Weights.Count(weight => weight > 0);
        Predictors = columns.X.Times(columns.ToCoefficients).Transposed();
        IsRestricted = columns.MlFactor is null;
        Integrated = IsRestricted ? Predictors : Unprojected().Transposed();
        Penalties = [.. Enumerable.Range(0, columns.PenaltyCount).Select(columns.RootOf).Select(root => root.Transposed().Times(root))];
    }

    /// <summary>The model matrix without weights.</summary>
    public GamDesign Columns { get; }

    /// <summary>The parametric columns: rows × columns.</summary>
    public DenseMatrix Parametric { get; }

    /// <summary>Prior weights, one per row.</summary>
    public double[] Weights { get; }

    /// <summary>The offset, one per row.</summary>
    public double[] Offset { get; }

    /// <summary>The number of rows.</summary>
    public int Rows => Columns.Rows;

    /// <summary>The number of rows with a weight above 0.</summary>
    public int Counted { get; }

    /// <summary>The number of coordinates u and γ.</summary>
    public int Dimension => Predictors.Rows;

    /// <summary>The number of coordinates u.</summary>
    public int Free => Columns.UnpenalisedCount;

    /// <summary>The number of coordinates γ.</summary>
    public int Penalised => Columns.PenalisedCount;

    /// <summary>dη/dθ: <see cref="Dimension"/> × rows.</summary>
    public DenseMatrix Predictors { get; }

    /// <summary>Whether the criterion is REML; otherwise ML.</summary>
    public bool IsRestricted { get; }

    /// <summary>The columns over whose coefficients the criterion integrates: as <see cref="Predictors"/>, for ML those of γ.</summary>
    public DenseMatrix Integrated { get; }

    /// <summary>Per penalty Sⱼ, a matrix in γ.</summary>
    public IReadOnlyList<DenseMatrix> Penalties { get; }

    /// <summary>The number of unpenalised dimensions over which REML integrates; 0 for ML.</summary>
    public int IntegratedCount => IsRestricted ? Columns.IntegratedCount : 0;

    /// <summary>The logarithms of the smoothing parameters from which an element's search starts, before its weights are known.</summary>
    public ReadOnlySpan<double> StartLogs => Columns.Search.StartLogs;

    /// <summary>log|Σ λⱼSⱼ|₊ with derivatives in log λ; a workspace per thread.</summary>
    public PenaltyDeterminant[] CreateRanges() =>
        [
            .. Columns
                .Smooths.Where(place => place.Smooth.Penalties.Count > 0)
                .Select(place => new PenaltyDeterminant(
                    [.. place.Coordinates.Roots.Select((root, j) => (place.FirstPenalty + j, root))],
                    data: null
                )),
        ];

    /// <summary>The penalised columns before the unpenalised ones were projected out of them, as mgcv's ML has them.</summary>
    private DenseMatrix Unprojected()
    {
        var map = Columns.ToCoefficients;
        var toFree = map.TakeColumns([.. Enumerable.Range(0, Free)]);
        var toPenalised = map.TakeColumns([.. Enumerable.Range(Free, Penalised)]);
        var shares = toFree.Times(Columns.FreeShares);
        for (var i = 0; i < shares.Values.Length; i++)
            toPenalised.Values[i] += shares.Values[i];
        var x = new DenseMatrix(Rows, Columns.CoefficientCount);
        Columns.X.Values.CopyTo(x.Values, 0);
        foreach (var place in Columns.Smooths)
            if (place.Smooth.Uncentred is { } uncentred)
                for (var i = 0; i < Rows; i++)
                    uncentred.Row(i).CopyTo(x.Row(i)[place.First..]);
        return x.Times(toPenalised);
    }
}
