using HpcFit.Shared.Failures;
using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>
/// Makes smooths that share variables identifiable: <c>te(x, z)</c> with <c>s(x)</c>, or a second smooth of the same variable. From the
/// smooth with more variables, or the later one, columns that the others span are removed, together with their penalties' rows.
/// </summary>
/// <remarks>
/// Wood 2017 (2nd ed.), §5.6.3, as mgcv's gam.side documents it: the columns removed are the last pivots of a QR of the smooth's residual
/// from the other smooths and from the intercept, if any. A variable with another <c>by</c> is another variable.
/// </remarks>
internal static class SideConditions
{
    /// <summary>The pivot, relative to the largest, below which a column counts as dependent.</summary>
    private const double Tolerance = 1.4901161193847656e-8;

    /// <summary>The smooths with their side conditions.</summary>
    /// <param name="smooths">The smooths in the formula's order.</param>
    /// <param name="parametric">The parametric columns on the same rows.</param>
    /// <exception cref="AliasedColumnsException">No column of a smooth remains.</exception>
    public static IReadOnlyList<Smooth> Impose(IReadOnlyList<Smooth> smooths, DenseMatrix parametric)
    {
        var result = smooths.ToArray();
        bool? hasConstant = null;
        var order = Enumerable
            .Range(0, smooths.Count)
            .Where(i => smooths[i].TakesSideConditions)
            .OrderBy(i => smooths[i].Variables.Count)
            .ToList();
        for (var i = 1; i < order.Count; i++)
        {
            var sharing = order.Take(i).Where(other => Share(smooths[other], smooths[order[i]])).ToList();
            if (sharing.Count == 0)
                continue;
            hasConstant ??= Spans(parametric, Ones(parametric.Rows));
            var others = hasConstant.Value ? Ones(parametric.Rows) : new DenseMatrix(parametric.Rows, 0);
            foreach (var other in sharing)
                others = others.ConcatenateColumns(result[other].X);
            result[order[i]] = Without(Dependent(others, result[order[i]].X), result[order[i]]);
        }
        return result;
    }

    private static bool Share(Smooth a, Smooth b) => a.By == b.By && a.Variables.Intersect(b.Variables, StringComparer.Ordinal).Any();

    private static DenseMatrix Ones(int rows)
    {
        var ones = new DenseMatrix(rows, 1);
        Array.Fill(ones.Values, 1);
        return ones;
    }

    private static bool Spans(DenseMatrix columns, DenseMatrix one) =>
        columns.Columns > 0 && Math.Sqrt(SquaredResidual(columns, one)) <= Tolerance * Math.Sqrt(one.Rows);

    private static double SquaredResidual(DenseMatrix columns, DenseMatrix target)
    {
        var rest = Residuals(columns, target);
        return FixedOrder.Dot(rest.Values, rest.Values);
    }

    /// <summary>The residuals of <paramref name="targets"/> (as rows) from the columns.</summary>
    private static DenseMatrix Residuals(DenseMatrix columns, DenseMatrix targets)
    {
        var basis = new ThinQr(columns).Q.Transposed();
        var rest = targets.Transposed();
        for (var pass = 0; pass < 2; pass++)
        for (var j = 0; j < rest.Rows; j++)
        for (var b = 0; b < basis.Rows; b++)
            FixedOrder.Add(-FixedOrder.Dot(basis.Row(b), rest.Row(j)), basis.Row(b), rest.Row(j));
        return rest;
    }

    /// <summary>
    /// The columns of <paramref name="own"/> that are last in a pivoted QR of their residuals from <paramref name="others"/>, and are
    /// dependent.
    /// </summary>
    private static List<int> Dependent(DenseMatrix others, DenseMatrix own)
    {
        var rest = Residuals(others, own);
        var left = Enumerable.Range(0, own.Columns).ToList();
        var largest = 0.0;
        while (left.Count > 0)
        {
            var next = left.MaxBy(j => FixedOrder.Dot(rest.Row(j), rest.Row(j)));
            var pivot = rest.Row(next);
            var length = Math.Sqrt(FixedOrder.Dot(pivot, pivot));
            largest = Math.Max(largest, length);
            if (!(length > Tolerance * largest))
                break;
            left.Remove(next);
            for (var i = 0; i < pivot.Length; i++)
                pivot[i] /= length;
            foreach (var other in left)
                for (var pass = 0; pass < 2; pass++)
                    FixedOrder.Add(-FixedOrder.Dot(rest.Row(next), rest.Row(other)), rest.Row(next), rest.Row(other));
        }
        return left;
    }

    private static DenseMatrix Principal(DenseMatrix matrix, int[] kept) =>
        matrix.TakeColumns(kept).Transposed().TakeColumns(kept).Transposed();

    private static Smooth Without(List<int> dependent, Smooth smooth)
    {
        if (dependent.Count == 0)
            return smooth;
        int[] kept = [.. Enumerable.Range(0, smooth.X.Columns).Except(dependent)];
        if (kept.Length == 0)
            throw new AliasedColumnsException($"{smooth.Label} is spanned by the model's smooths of fewer variables; omit it.");
        IReadOnlyList<DenseMatrix> penalties = [.. smooth.Penalties.Select(penalty => Principal(penalty, kept))];
        var nulls = penalties.Count == 0 ? kept.Length : new PenaltyCoordinates(penalties, kept.Length).Null.Columns;
        return smooth with
        {
            X = smooth.X.TakeColumns(kept),
            Uncentred = smooth.Uncentred?.TakeColumns(kept),
            Penalties = penalties,
            NullDimension = nulls,
            KeptColumns = kept,
        };
    }
}

/// <summary>The model's columns are linearly dependent on the given rows, and no penalty identifies their coefficients.</summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
internal sealed class AliasedColumnsException(string message, Exception? inner = null) : BadInputException(message, inner);
