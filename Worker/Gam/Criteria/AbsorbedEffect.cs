using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// A random effect with many levels whose coefficients never appear as columns: each row belongs to at most one group, so that XᵀX + S is
/// an arrow, a block of the other columns bordered by a diagonal. Its elimination depends on a group only through its mass, and groups of
/// equal mass are a class. Immutable.
/// </summary>
/// <remarks>
/// With z the effect's (weighted) column of a group, m = zᵀz its mass and κ = λs its penalty, the effect makes the response's covariance
/// V = I + Σ z zᵀ / κ, and <c>QᵀV⁻¹Q = W + Σ v A</c> over classes with v = κ / (κ + m): W is the part within groups and
/// <c>A = Σ (Qᵀz)(Qᵀz)ᵀ / m</c>; a sum of positive terms, without the cancellation of I - Σ (1 - v) A. Bates, Mächler, Bolker and Walker
/// 2015, J. Stat. Softw. 67(1), §3; Wood 2017 (2nd ed.), §3.5.
/// </remarks>
internal sealed class AbsorbedEffect
{
    private readonly int[] _groupOfRow; // -1: none
    private readonly double[] _values; // of the effect's column, weighted
    private readonly DenseMatrix _basis;
    private readonly DenseMatrix _groupSums; // Qᵀz of each group, as rows

    /// <summary>Sums a design's columns by group.</summary>
    /// <param name="penalty">The index of its penalty.</param>
    /// <param name="smooth">The index of its smooth.</param>
    /// <param name="scale">s: the penalty is λs times the identity.</param>
    /// <param name="columns">The effect's weighted columns: rows × levels, at most one value other than 0 in a row.</param>
    /// <param name="basis">Q: rows × d.</param>
    /// <param name="free">How many of Q's columns belong to unpenalised coordinates.</param>
    /// <param name="factor">G, of the penalised ones.</param>
    /// <param name="mlFactor">The penalised columns in Q's coordinates, for ML; otherwise null.</param>
    public AbsorbedEffect(
        int penalty,
        int smooth,
        double scale,
        DenseMatrix columns,
        DenseMatrix basis,
        int free,
        DenseMatrix factor,
        DenseMatrix? mlFactor
    )
    {
        (Penalty, Smooth, PenaltyScale, _basis) = (penalty, smooth, scale, basis);
        BasisColumns = basis.Transposed();
        var rows = basis.Rows;
        (_groupOfRow, _values) = (new int[rows], new double[rows]);
        var masses = new double[columns.Columns];
        for (var i = 0; i < rows; i++)
        {
            _groupOfRow[i] = columns.Row(i).IndexOfAnyExcept(0);
            _values[i] = _groupOfRow[i] < 0 ? 0 : columns[i, _groupOfRow[i]];
            if (_groupOfRow[i] >= 0)
                masses[_groupOfRow[i]] += _values[i] * _values[i];
        }
        int[] seen = [.. Enumerable.Range(0, masses.Length).Where(g => masses[g] > 0)];
        for (var i = 0; i < rows; i++)
            _groupOfRow[i] = Array.BinarySearch(seen, _groupOfRow[i]) is >= 0 and var group ? group : -1;
        GroupMass = [.. seen.Select(g => masses[g])];
        Masses = [.. GroupMass.Distinct().Order()];
        ClassOfGroup = [.. GroupMass.Select(mass => Array.BinarySearch(Masses, mass))];
        Counts = [.. Masses.Select(mass => GroupMass.Count(other => other == mass))];

        _groupSums = new DenseMatrix(seen.Length, basis.Columns);
        var totals = new double[seen.Length];
        for (var i = 0; i < rows; i++)
        {
            if (_groupOfRow[i] < 0)
                continue;
            FixedOrder.Add(_values[i], basis.Row(i), _groupSums.Row(_groupOfRow[i]));
            totals[_groupOfRow[i]] += _values[i];
        }
        Within = SumWithin();
        Between = SumBetween();
        var map = DenseMatrix.Identity(basis.Columns);
        map.SetBlock(free, free, factor);
        ToBasis = map;
        Forms = Mapped(map);
        MlForms = mlFactor is null ? null : Mapped(mlFactor);
        ByClass = new GroupsByClass(this, _groupSums, totals);
        TotalSums = new DenseMatrix(Masses.Length, basis.Columns);
        for (var g = 0; g < seen.Length; g++)
            FixedOrder.Add(totals[g], _groupSums.Row(g), TotalSums.Row(ClassOfGroup[g]));
    }

    /// <summary>The index of its penalty: the last.</summary>
    public int Penalty { get; }

    /// <summary>The index of its smooth.</summary>
    public int Smooth { get; }

    /// <summary>s: the penalty is λs times the identity.</summary>
    public double PenaltyScale { get; }

    /// <summary>d, the number of other coordinates.</summary>
    public int Dimension => _basis.Columns;

    /// <summary>The number of groups with a mass above 0, in the order of levels.</summary>
    public int Groups => GroupMass.Length;

    /// <summary>m of each group.</summary>
    public double[] GroupMass { get; }

    /// <summary>The class of each group.</summary>
    public int[] ClassOfGroup { get; }

    /// <summary>The groups class by class.</summary>
    public GroupsByClass ByClass { get; }

    /// <summary>The number of classes.</summary>
    public int Classes => Masses.Length;

    /// <summary>m of each class, ascending.</summary>
    public double[] Masses { get; }

    /// <summary>The number of groups of each class.</summary>
    public int[] Counts { get; }

    /// <summary>W in Q's coordinates.</summary>
    public DenseMatrix Within { get; }

    /// <summary>A per class in Q's coordinates.</summary>
    public DenseMatrix[] Between { get; }

    /// <summary>The coordinates (u, γ) in those of Q: the identity and G.</summary>
    public DenseMatrix ToBasis { get; }

    /// <summary>W and A in the coordinates (u, γ).</summary>
    public ClassForms Forms { get; }

    /// <summary>W and A of the penalised columns alone, not projected, for ML; otherwise null.</summary>
    public ClassForms? MlForms { get; }

    /// <summary>Per class, Σ (1ᵀz)(Qᵀz).</summary>
    public DenseMatrix TotalSums { get; }

    /// <summary>The size of what <see cref="AbsorbedSums"/> writes for an element, beyond its projections.</summary>
    public int InputLength => 1 + (Classes * (2 + Dimension));

    /// <summary>The row's group, or -1.</summary>
    public int GroupOf(int row) => _groupOfRow[row];

    /// <summary>z at a row.</summary>
    public double Value(int row) => _values[row];

    /// <summary>Q.</summary>
    public DenseMatrix Basis => _basis;

    /// <summary>Qᵀ.</summary>
    public DenseMatrix BasisColumns { get; }

    /// <summary>The number of its directions that the first <paramref name="free"/> columns of Q do not span.</summary>
    public int CountFreeDirections(int free)
    {
        if (free == 0)
            return Groups;
        var within = new DenseMatrix(free, free);
        for (var i = 0; i < free; i++)
            Within.Row(i)[..free].CopyTo(within.Row(i));
        // The eigenvalues are squared sines of the angles between the two spaces.
        return Groups - new SymmetricEigen(within).Values.Count(value => value <= 1e-14);
    }

    /// <summary>Σ over groups of the products of z with the columns of the coordinates (u, γ).</summary>
    public DenseMatrix SumOfProducts()
    {
        var sum = new DenseMatrix(Forms.Size, Forms.Size);
        for (var k = 0; k < Classes; k++)
            FixedOrder.Add(Masses[k], Forms.Between[k].Values, sum.Values);
        return sum;
    }

    private DenseMatrix SumWithin()
    {
        var within = new DenseMatrix(Dimension, Dimension);
        var deviation = new double[Dimension];
        for (var i = 0; i < _groupOfRow.Length; i++)
        {
            _basis.Row(i).CopyTo(deviation);
            if (_groupOfRow[i] is >= 0 and var group)
                FixedOrder.Add(-_values[i] / GroupMass[group], _groupSums.Row(group), deviation);
            for (var a = 0; a < Dimension; a++)
                FixedOrder.Add(deviation[a], deviation, within.Row(a));
        }
        return within;
    }

    private DenseMatrix[] SumBetween()
    {
        DenseMatrix[] between = [.. Masses.Select(_ => new DenseMatrix(Dimension, Dimension))];
        for (var group = 0; group < Groups; group++)
        {
            var sums = _groupSums.Row(group);
            for (var a = 0; a < Dimension; a++)
                FixedOrder.Add(sums[a] / GroupMass[group], sums, between[ClassOfGroup[group]].Row(a));
        }
        return between;
    }

    private ClassForms Mapped(DenseMatrix map) =>
        new(ClassForms.Padded(Within.Congruent(map)), [.. Between.Select(form => ClassForms.Padded(form.Congruent(map)))]);
}
