using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>
/// Coordinates of a smooth's coefficients, <c>β = N a + W γ</c>: a is unpenalised, and in γ the penalties are diagonal if they can be
/// diagonalised simultaneously. That is always possible for one or two penalties, for tensor products of any number of margins and for
/// disjoint penalties.
/// </summary>
/// <remarks>Simultaneous diagonalisation by congruence: Golub and Van Loan 2013, §8.7.1; Wood 2017 (2nd ed.), §5.4.2.</remarks>
internal sealed class PenaltyCoordinates
{
    private const double RangeTolerance = 1e-9;
    private const double DiagonalTolerance = 1e-8;

    /// <summary>
    /// Weights without a rational relation: eigenvectors of the weighted sum are common to all penalties, if common ones exist.
    /// </summary>
    private const double GoldenRatio = 1.618033988749895;

    /// <summary>Computes them for the penalties of a smooth with <paramref name="count"/> coefficients.</summary>
    public PenaltyCoordinates(IReadOnlyList<DenseMatrix> penalties, int count)
    {
        Penalties = penalties.Count;
        if (penalties.Count == 0)
        {
            (Null, Range, Roots, Diagonals) = (DenseMatrix.Identity(count), new DenseMatrix(count, 0), [], []);
            return;
        }
        var total = Weighted(penalties, penalties.Select(penalty => 1 / penalty.OneNorm()));
        var eigen = new SymmetricEigen(total);
        var seen = Enumerable.Range(0, count).Where(i => eigen.Values[i] > RangeTolerance * eigen.Values[^1]).ToArray();
        Null = eigen.Vectors.TakeColumns([.. Enumerable.Range(0, count).Except(seen)]);
        Range = eigen.Vectors.TakeColumns(seen);
        for (var j = 0; j < seen.Length; j++)
        for (var i = 0; i < count; i++)
            Range[i, j] /= Math.Sqrt(eigen.Values[seen[j]]);
        if (penalties.Count > 1)
            Range = Range.Times(CommonEigenvectors(penalties));
        var forms = penalties.Select(penalty => penalty.Congruent(Range)).ToList();
        Diagonals = forms.All(IsDiagonal) ? [.. forms.Zip(penalties, Diagonal)] : null;
        Roots = Diagonals is not null
            ? [.. Diagonals.Select(RootOfDiagonal)]
            : [.. penalties.Select(penalty => Root(penalty).Times(Range))];
    }

    /// <summary>The number of penalties.</summary>
    public int Penalties { get; }

    /// <summary>N, an orthonormal basis of the joint null space: k × dimension.</summary>
    public DenseMatrix Null { get; }

    /// <summary>W: k × rank, orthogonal to N.</summary>
    public DenseMatrix Range { get; }

    /// <summary>Per penalty, the diagonal of <c>WᵀSⱼW</c>; null if the penalties cannot be diagonalised simultaneously.</summary>
    public IReadOnlyList<double[]>? Diagonals { get; }

    /// <summary>Per penalty, a root E with <c>EᵀE = WᵀSⱼW</c>: the penalty's rank × the total rank.</summary>
    public IReadOnlyList<DenseMatrix> Roots { get; }

    private DenseMatrix CommonEigenvectors(IReadOnlyList<DenseMatrix> penalties)
    {
        var weight = 1.0;
        var mixture = Weighted(penalties, penalties.Select(penalty => (weight *= GoldenRatio) / penalty.OneNorm()));
        return new SymmetricEigen(mixture.Congruent(Range)).Vectors;
    }

    private static DenseMatrix Weighted(IReadOnlyList<DenseMatrix> penalties, IEnumerable<double> weights)
    {
        var total = new DenseMatrix(penalties[0].Rows, penalties[0].Columns);
        foreach (var (penalty, weight) in penalties.Zip(weights))
            FixedOrder.Add(weight, penalty.Values, total.Values);
        return total;
    }

    private static bool IsDiagonal(DenseMatrix form)
    {
        var size = Enumerable.Range(0, form.Rows).Max(i => form[i, i]);
        for (var i = 0; i < form.Rows; i++)
        for (var j = 0; j < i; j++)
            if (Math.Abs(form[i, j]) > DiagonalTolerance * size)
                return false;
        return true;
    }

    /// <summary>The diagonal, with zeros beyond the penalty's rank, where only rounding error remains.</summary>
    private static double[] Diagonal(DenseMatrix form, DenseMatrix penalty)
    {
        var rank = Rank(new SymmetricEigen(penalty).Values);
        var values = Enumerable.Range(0, form.Rows).Select(i => form[i, i]).ToArray();
        foreach (var i in Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).Skip(rank))
            values[i] = 0;
        return values;
    }

    private static int Rank(double[] eigenvalues) => eigenvalues.Count(value => value > RangeTolerance * eigenvalues[^1]);

    private static DenseMatrix RootOfDiagonal(double[] diagonal)
    {
        var seen = Enumerable.Range(0, diagonal.Length).Where(i => diagonal[i] > 0).ToArray();
        var root = new DenseMatrix(seen.Length, diagonal.Length);
        for (var i = 0; i < seen.Length; i++)
            root[i, seen[i]] = Math.Sqrt(diagonal[seen[i]]);
        return root;
    }

    /// <summary>A root E of one penalty matrix, <c>EᵀE = S</c>: rank × k.</summary>
    public static DenseMatrix Root(DenseMatrix penalty)
    {
        var eigen = new SymmetricEigen(penalty);
        var rank = Rank(eigen.Values);
        var root = new DenseMatrix(rank, penalty.Rows);
        for (var i = 0; i < rank; i++)
        {
            var from = penalty.Rows - rank + i;
            for (var j = 0; j < penalty.Rows; j++)
                root[i, j] = Math.Sqrt(eigen.Values[from]) * eigen.Vectors[j, from];
        }
        return root;
    }
}
