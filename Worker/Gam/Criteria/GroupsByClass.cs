using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// The groups of an absorbed effect class by class, within a class in the order of levels, and their rows in that order: sums over an
/// element's groups run through memory from the beginning to the end. Immutable.
/// </summary>
internal sealed class GroupsByClass
{
    /// <summary>Orders the groups.</summary>
    /// <param name="effect">The effect, with its classes.</param>
    /// <param name="sums">Qᵀz of each group, as rows.</param>
    /// <param name="totals">1ᵀz of each group.</param>
    public GroupsByClass(AbsorbedEffect effect, DenseMatrix sums, double[] totals)
    {
        int[] groups = [.. Enumerable.Range(0, effect.Groups).OrderBy(group => effect.ClassOfGroup[group])];
        Masses = [.. groups.Select(group => effect.GroupMass[group])];
        Totals = [.. groups.Select(group => totals[group])];
        (Sums, RowEnds) = (new DenseMatrix(sums.Rows, sums.Columns), new int[groups.Length]);
        var rowsOfGroup = Enumerable.Range(0, effect.Basis.Rows).ToLookup(effect.GroupOf);
        var rows = new List<int>(effect.Basis.Rows);
        for (var i = 0; i < groups.Length; i++)
        {
            sums.Row(groups[i]).CopyTo(Sums.Row(i));
            rows.AddRange(rowsOfGroup[groups[i]]);
            RowEnds[i] = rows.Count;
        }
        Rows = [.. rows];
        Values = [.. rows.Select(effect.Value)];
    }

    /// <summary>m of each group.</summary>
    public double[] Masses { get; }

    /// <summary>1ᵀz of each group.</summary>
    public double[] Totals { get; }

    /// <summary>Qᵀz of each group, as rows.</summary>
    public DenseMatrix Sums { get; }

    /// <summary>The rows of the first group, then those of the second, and so on.</summary>
    public int[] Rows { get; }

    /// <summary>z at each of these rows.</summary>
    public double[] Values { get; }

    /// <summary>Where in <see cref="Rows"/> those of each group end.</summary>
    public int[] RowEnds { get; }
}
