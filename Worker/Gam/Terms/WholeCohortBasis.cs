using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Terms;

/// <summary>
/// The bases of all subjects, restricted to an element's observed rows (<c>--basis all-subjects</c>): the same functions, constraints and
/// penalties at every element, unlike mgcv. A smooth of a scalar has no such basis.
/// </summary>
internal sealed class WholeCohortBasis
{
    private readonly Dictionary<SmoothTerm, IReadOnlyList<Smooth>> _smooths;
    private readonly int[] _placeOfRow;

    /// <summary>Stores the bases.</summary>
    /// <param name="smooths">Per term, its smooths at <paramref name="rows"/>.</param>
    /// <param name="rows">The cohort's rows from which they were built.</param>
    /// <param name="subjects">The number of subjects in the cohort.</param>
    public WholeCohortBasis(Dictionary<SmoothTerm, IReadOnlyList<Smooth>> smooths, int[] rows, int subjects)
    {
        _smooths = smooths;
        _placeOfRow = new int[subjects];
        for (var i = 0; i < rows.Length; i++)
            _placeOfRow[rows[i]] = i;
    }

    /// <summary>A term's smooths at some rows; null if the term has no basis of all subjects.</summary>
    public IReadOnlyList<Smooth>? On(SmoothTerm term, int[] rows) =>
        _smooths.TryGetValue(term, out var whole) ? [.. whole.Select(smooth => smooth with { X = Take(smooth.X, rows) })] : null;

    private DenseMatrix Take(DenseMatrix x, int[] rows)
    {
        var taken = new DenseMatrix(rows.Length, x.Columns);
        for (var i = 0; i < rows.Length; i++)
            x.Row(_placeOfRow[rows[i]]).CopyTo(taken.Row(i));
        return taken;
    }
}
