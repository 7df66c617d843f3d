using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// The random effects of one grouping factor, several per group with covariance Ψ, whose coefficients never appear as columns: they are
/// eliminated group by group. Groups with the same covariates are a class. Immutable.
/// </summary>
/// <remarks>
/// With the columns Z = E S of a group, E orthonormal and S triangular, the response's covariance is V = I + E S Ψ Sᵀ Eᵀ, and
/// <c>QᵀV⁻¹Q = W + Σ Fᵀ C⁻¹ F</c>, F = EᵀQ, C = I + S Ψ Sᵀ: W is the part that is orthogonal to all E. A sum of positive
/// terms, also where Ψ or ZᵀZ is singular. As <see cref="AbsorbedEffect"/>, of which this is the form for blocks.
/// </remarks>
internal sealed class BlockedEffects
{
    /// <summary>The part of a column orthogonal to those before it, relative to its length, below which it is rounding.</summary>
    private const double Rounding = 1e-9;

    private readonly int[] _groupOfRow; // -1: none
    private readonly double[] _values; // rows × effects, weighted
    private readonly double[] _directions; // E, rows × effects
    private readonly double[] _roots; // √w, or empty
    private readonly int[] _entryOf; // per parameter of the model; -1: none

    /// <summary>The effects of a design that are to be absorbed.</summary>
    /// <param name="design">The design, of which everything but this must be set.</param>
    /// <param name="basis">Q: rows × d.</param>
    /// <param name="columns">The columns of absorbed smooths without weights, in the order of the smooths.</param>
    public static BlockedEffects Create(GamDesign design, DenseMatrix basis, IReadOnlyList<DenseMatrix> columns)
    {
        List<RandomBlock> terms = [.. design.Random.Where(term => term.IsAbsorbed)];
        int[] smooths = [.. terms.SelectMany(term => term.Smooths)];
        var order = smooths.Order().ToList();
        var map = DenseMatrix.Identity(design.Dimension);
        map.SetBlock(design.UnpenalisedCount, design.UnpenalisedCount, design.Factor);
        return new(
            terms,
            smooths,
            [.. smooths.Select(smooth => columns[order.IndexOf(smooth)])],
            design.Weights?.Select(Math.Sqrt).ToArray(),
            basis,
            map,
            design.MlFactor,
            design.PenaltyCount
        );
    }

    /// <summary>Decomposes the columns of all groups.</summary>
    /// <param name="terms">The terms of the factor.</param>
    /// <param name="smooths">The smooth of each effect, of all terms.</param>
    /// <param name="columns">Per effect its columns without weights: rows × levels, at most one value other than 0 in a row.</param>
    /// <param name="roots">√w; null: all 1.</param>
    /// <param name="basis">Q: rows × d.</param>
    /// <param name="toBasis">The coordinates (u, γ) in those of Q.</param>
    /// <param name="mlFactor">The penalised columns in Q's coordinates, for ML; otherwise null.</param>
    /// <param name="parameters">The number of parameters of the model.</param>
    private BlockedEffects(
        IReadOnlyList<RandomBlock> terms,
        IReadOnlyList<int> smooths,
        IReadOnlyList<DenseMatrix> columns,
        double[]? roots,
        DenseMatrix basis,
        DenseMatrix toBasis,
        DenseMatrix? mlFactor,
        int parameters
    )
    {
        (Terms, Smooths, Basis, BasisColumns) = (terms, smooths, basis, basis.Transposed());
        var (rows, effects) = (basis.Rows, columns.Count);
        (_groupOfRow, _values, _directions, _roots) = (new int[rows], new double[rows * effects], new double[rows * effects], roots ?? []);
        Array.Fill(_groupOfRow, -1);
        for (var row = 0; row < rows; row++)
        for (var e = 0; e < effects; e++)
            if (columns[e].Row(row).IndexOfAnyExcept(0) is >= 0 and var level)
            {
                _groupOfRow[row] = level;
                _values[(row * effects) + e] = columns[e][row, level] * (roots?[row] ?? 1);
            }
        var byGroup = Enumerable
            .Range(0, rows)
            .Where(row => _groupOfRow[row] >= 0 && Values(row).ContainsAnyExcept(0))
            .GroupBy(row => _groupOfRow[row])
            .OrderBy(group => group.Key)
            .Select(group => group.ToArray())
            .ToList();
        Array.Fill(_groupOfRow, -1);
        var (groups, triangles, counts) = (new List<EffectGroup>(), new List<DenseMatrix>(), new List<int>());
        var first = 0;
        for (var g = 0; g < byGroup.Count; g++)
        {
            // In the order of their values: groups with the same ones have the same bits.
            Array.Sort(byGroup[g], (a, b) => Values(a).SequenceCompareTo(Values(b)) is not 0 and var order ? order : a.CompareTo(b));
            foreach (var row in byGroup[g])
                _groupOfRow[row] = g;
            var triangle = Orthonormalise(byGroup[g]);
            var place = triangles.FindIndex(other => other.Rows == triangle.Rows && other.Values.AsSpan().SequenceEqual(triangle.Values));
            if (place < 0)
            {
                place = triangles.Count;
                triangles.Add(triangle);
                counts.Add(0);
            }
            counts[place]++;
            groups.Add(new(place, first));
            first += triangle.Rows;
        }
        (Groups, Triangles, Counts, Directions) = ([.. groups], triangles, [.. counts], first);
        Sums = SumDirections();
        Totals = new double[first];
        for (var row = 0; row < rows; row++)
        for (var a = 0; _groupOfRow[row] is >= 0 and var g && a < RankOf(g); a++)
            Totals[Groups[g].First + a] += Direction(row)[a];
        Within = SumWithin();
        ToBasis = toBasis;
        Mapped = Sums.Times(toBasis);
        int[] ranks = [.. triangles.Select(triangle => triangle.Rows)];
        Forms = BlockForms.Create(Within, Sums, groups, ranks, toBasis);
        MlForms = mlFactor is null ? null : BlockForms.Create(Within, Sums, groups, ranks, mlFactor);
        Entries = [.. Concatenated()];
        _entryOf = new int[parameters];
        Array.Fill(_entryOf, -1);
        for (var e = 0; e < Entries.Length; e++)
            _entryOf[Entries[e].Parameter] = e;
    }

    /// <summary>The terms.</summary>
    public IReadOnlyList<RandomBlock> Terms { get; }

    /// <summary>The smooth of each effect.</summary>
    public IReadOnlyList<int> Smooths { get; }

    /// <summary>q, the number of effects per group.</summary>
    public int Effects => Smooths.Count;

    /// <summary>The parameters of Ψ, of all terms.</summary>
    public FactorEntry[] Entries { get; }

    /// <summary>d, the number of other coordinates.</summary>
    public int Dimension => Basis.Columns;

    /// <summary>The groups with observations.</summary>
    public EffectGroup[] Groups { get; }

    /// <summary>S of each class, rank × effects.</summary>
    public IReadOnlyList<DenseMatrix> Triangles { get; }

    /// <summary>The number of groups of each class.</summary>
    public int[] Counts { get; }

    /// <summary>The number of directions of all groups.</summary>
    public int Directions { get; }

    /// <summary>Q.</summary>
    public DenseMatrix Basis { get; }

    /// <summary>Qᵀ.</summary>
    public DenseMatrix BasisColumns { get; }

    /// <summary>The coordinates (u, γ) in those of Q: the identity and G.</summary>
    public DenseMatrix ToBasis { get; }

    /// <summary>W in Q's coordinates.</summary>
    public DenseMatrix Within { get; }

    /// <summary>F, directions × d.</summary>
    public DenseMatrix Sums { get; }

    /// <summary>F in the coordinates (u, γ).</summary>
    public DenseMatrix Mapped { get; }

    /// <summary>Eᵀ1: directions.</summary>
    public double[] Totals { get; }

    /// <summary>W and F in the coordinates (u, γ).</summary>
    public BlockForms Forms { get; }

    /// <summary>W and F of the penalised columns alone, not projected, for ML; otherwise null.</summary>
    public BlockForms? MlForms { get; }

    /// <summary>The size of what <see cref="BlockedSums"/> writes for an element, beyond its projections.</summary>
    public int InputLength => 1 + Directions;

    /// <summary>The place in <see cref="Entries"/> of a parameter of the model, or -1: it is not one of Ψ.</summary>
    public int EntryOf(int parameter) => _entryOf[parameter];

    /// <summary>The row's group, or -1.</summary>
    public int GroupOf(int row) => _groupOfRow[row];

    /// <summary>The number of a group's directions.</summary>
    public int RankOf(int group) => Triangles[Groups[group].Class].Rows;

    /// <summary>A row of E.</summary>
    public ReadOnlySpan<double> Direction(int row) => _directions.AsSpan(row * Effects, Effects);

    /// <summary>An effect's column at a row, without weights.</summary>
    public double Value(int row, int effect) =>
        _values[(row * Effects) + effect] is var value && _roots.Length == 0 ? value
        : _roots[row] > 0 ? value / _roots[row]
        : 0;

    /// <summary>Σ of the squares of an effect's columns, and of their part in the first columns of Q.</summary>
    /// <param name="effect">The effect.</param>
    /// <param name="free">The number of columns of Q.</param>
    public (double Own, double Spanned) SquaresOf(int effect, int free)
    {
        double own = 0,
            spanned = 0;
        var products = new double[free];
        for (var g = 0; g < Groups.Length; g++)
        {
            var (triangle, first) = (Triangles[Groups[g].Class], Groups[g].First);
            Array.Clear(products);
            for (var a = 0; a < triangle.Rows; a++)
            {
                own += triangle[a, effect] * triangle[a, effect];
                FixedOrder.Add(triangle[a, effect], Sums.Row(first + a)[..free], products);
            }
            spanned += FixedOrder.Dot(products, products);
        }
        return (own, spanned);
    }

    private Span<double> Values(int row) => _values.AsSpan(row * Smooths.Count, Smooths.Count);

    /// <summary>The entries of L in the order of all effects.</summary>
    private IEnumerable<FactorEntry> Concatenated()
    {
        var first = 0;
        foreach (var term in Terms)
        {
            foreach (var entry in term.Entries)
                yield return new(entry.Row + first, entry.Column + first, entry.Parameter);
            first += term.Effects;
        }
    }

    /// <summary>Writes E of a group; returns S.</summary>
    private DenseMatrix Orthonormalise(int[] rows)
    {
        var effects = Smooths.Count;
        var (basis, shares) = (new List<double[]>(), new List<double[]>());
        for (var e = 0; e < effects; e++)
        {
            double[] column = [.. rows.Select(row => _values[(row * effects) + e])];
            var length = Math.Sqrt(FixedOrder.Dot(column, column));
            for (var pass = 0; pass < 2; pass++)
            for (var a = 0; a < basis.Count; a++)
            {
                var share = FixedOrder.Dot(basis[a], column);
                shares[a][e] += share;
                FixedOrder.Add(-share, basis[a], column);
            }
            var rest = Math.Sqrt(FixedOrder.Dot(column, column));
            if (!(rest > Rounding * length))
                continue;
            for (var i = 0; i < column.Length; i++)
                column[i] /= rest;
            basis.Add(column);
            shares.Add(new double[effects]);
            shares[^1][e] = rest;
        }
        var triangle = new DenseMatrix(basis.Count, effects);
        for (var a = 0; a < basis.Count; a++)
        {
            shares[a].CopyTo(triangle.Row(a));
            for (var i = 0; i < rows.Length; i++)
                _directions[(rows[i] * effects) + a] = basis[a][i];
        }
        return triangle;
    }

    private DenseMatrix SumDirections()
    {
        var sums = new DenseMatrix(Directions, Dimension);
        for (var row = 0; row < Basis.Rows; row++)
        for (var a = 0; _groupOfRow[row] is >= 0 and var g && a < RankOf(g); a++)
            FixedOrder.Add(Direction(row)[a], Basis.Row(row), sums.Row(Groups[g].First + a));
        return sums;
    }

    private DenseMatrix SumWithin()
    {
        var within = new DenseMatrix(Dimension, Dimension);
        var deviation = new double[Dimension];
        for (var row = 0; row < Basis.Rows; row++)
        {
            Basis.Row(row).CopyTo(deviation);
            for (var a = 0; _groupOfRow[row] is >= 0 and var g && a < RankOf(g); a++)
                FixedOrder.Add(-Direction(row)[a], Sums.Row(Groups[g].First + a), deviation);
            for (var i = 0; i < Dimension; i++)
                FixedOrder.Add(deviation[i], deviation, within.Row(i));
        }
        return within;
    }
}
