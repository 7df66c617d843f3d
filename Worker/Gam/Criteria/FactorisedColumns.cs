using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// A weighted model matrix in orthonormal coordinates: <c>√w X P = Q [I 0; 0 G]</c>, with the unpenalised coordinates before the penalised
/// ones. Immutable.
/// </summary>
internal sealed class FactorisedColumns
{
    /// <summary>Factorises a matrix.</summary>
    /// <param name="x">√w X.</param>
    /// <param name="free">Independent unpenalised functions: coefficients × coordinates.</param>
    /// <param name="penalised">The penalised ones.</param>
    /// <param name="turned">
    /// Smooths with one penalty, a multiple of the identity in their coordinates, which are rotated so that a smooth's own columns are
    /// orthogonal.
    /// </param>
    /// <param name="turnsRows">Whether the rows are rotated as well, so that G is diagonal: only one smooth is penalised.</param>
    public FactorisedColumns(DenseMatrix x, DenseMatrix free, DenseMatrix penalised, IEnumerable<PlacedSmooth> turned, bool turnsRows)
    {
        var (u, g) = (free.Columns, penalised.Columns);
        var qr = new ThinQr(x.Times(free.ConcatenateColumns(penalised)));
        var inverse = LinearSolve.General(qr.R.Block(0, 0, u, u), DenseMatrix.Identity(u));
        Factor = qr.R.Block(u, u, g, g);
        var (turn, left) = (DenseMatrix.Identity(g), (DenseMatrix?)null);
        foreach (var place in turned)
        {
            var axes = new OrthogonalColumns(Factor.Block(0, place.FirstPenalised, g, place.PenalisedCount));
            turn.SetBlock(place.FirstPenalised, place.FirstPenalised, axes.V);
            if (turnsRows)
                left = axes.U;
        }
        Factor = Factor.Times(turn);
        FreeShares = qr.R.Block(0, u, u, g).Times(turn);
        Projections = qr.Q;
        if (left is not null)
        {
            Factor = left.Transposed().Times(Factor);
            Projections = qr.Q.Block(0, 0, x.Rows, u).ConcatenateColumns(qr.Q.Block(0, u, x.Rows, g).Times(left));
        }
        Penalised = penalised.Times(turn);
        var toFree = free.Times(inverse);
        ToCoefficients = toFree.ConcatenateColumns(Penalised.Minus(toFree.Times(FreeShares)));
        DiagonalOfFree = [.. Enumerable.Range(0, u).Select(i => qr.R[i, i])];
    }

    /// <summary>Q: rows × coordinates, whose columns are orthonormal or zero.</summary>
    public DenseMatrix Projections { get; }

    /// <summary>G.</summary>
    public DenseMatrix Factor { get; }

    /// <summary>The penalised columns' projections on the unpenalised coordinates.</summary>
    public DenseMatrix FreeShares { get; }

    /// <summary>P: coefficients × coordinates.</summary>
    public DenseMatrix ToCoefficients { get; }

    /// <summary>The penalised functions in these coordinates, not projected: coefficients × penalised coordinates.</summary>
    public DenseMatrix Penalised { get; }

    /// <summary>The diagonal of the triangular factor of the unpenalised columns; positive.</summary>
    public double[] DiagonalOfFree { get; }
}
