using HpcFit.Worker.Gam.Algebra;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// The bases of all subjects, cut to the rows that an element has left (<c>--basis all-subjects</c>): the same functions, constraints and
/// penalties at every element, which is not what mgcv does. A smooth of a scalar has no such basis.
/// </summary>
internal sealed class WholeCohortBasis
{
    private readonly Dictionary<SmoothTerm, IReadOnlyList<Smooth>> _smooths;
    private readonly int[] _placeOfRow;

    /// <summary>Keeps bases.</summary>
    /// <param name="smooths">By term, its smooths on <paramref name="rows"/>.</param>
    /// <param name="rows">The cohort's rows that they are on.</param>
    /// <param name="subjects">Subjects of the cohort.</param>
    public WholeCohortBasis(Dictionary<SmoothTerm, IReadOnlyList<Smooth>> smooths, int[] rows, int subjects)
    {
        _smooths = smooths;
        _placeOfRow = new int[subjects];
        for (var i = 0; i < rows.Length; i++)
            _placeOfRow[rows[i]] = i;
    }

    /// <summary>A term's smooths on some rows; null where the term has no basis of all subjects.</summary>
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
