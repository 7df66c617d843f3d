using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Mixed.Terms;

namespace HpcFit.Worker.Mixed.Profile;

/// <summary>
/// What the observed rows of an element determine before its response is known: an orthonormal basis Q of the fixed effects, the groups,
/// and their sums by class. Groups of equal mass m (the sum of their weights) are a class, since the covariance of the response depends
/// on a group only through m. A reused workspace of one thread.
/// </summary>
/// <remarks>
/// Rows are scaled by the square roots of their weights, and sorted by group. With t the ratio of the variances of groups and residuals and
/// v = 1 / (1 + t m), Q'V⁻¹Q = W + Σ v G / m over classes, where W is the part within groups and G = Σ s s' over the groups of the class, s
/// their weighted sums of Q: a sum of positive terms, without the cancellation of I - Σ t v G.
/// </remarks>
internal sealed class GroupedDesign : IMixedTables
{
    private readonly PivotedQr _qr;
    private readonly PivotedQr? _unweighted;
    private readonly double[] _x;
    private readonly double[] _basis;
    private readonly int[] _first;
    private readonly int[] _massOrder;
    private readonly int[] _groupOfSubject;

    /// <summary>A workspace.</summary>
    /// <param name="subjects">The number of subjects in the cohort.</param>
    /// <param name="columns">The number of columns of the model matrix.</param>
    /// <param name="groups">The grouping factor.</param>
    /// <param name="hypotheses">Contrasts and F tests.</param>
    public GroupedDesign(int subjects, int columns, GroupingFactor groups, IReadOnlyList<Hypothesis> hypotheses)
    {
        var levels = groups.Levels;
        _groupOfSubject = groups.Codes;
        _qr = new(subjects, columns);
        _x = new double[subjects * columns];
        _basis = new double[subjects * columns];
        _first = new int[levels + 1];
        _massOrder = new int[levels];
        (Basis, Subject, Place) = (new double[subjects * columns], new int[subjects], new int[subjects]);
        (Root, Offset) = (new double[subjects], new double[subjects]);
        (GroupEnd, ClassOfGroup, GroupMass) = (new int[levels], new int[levels], new double[levels]);
        GroupSums = new double[levels * columns];
        (Mass, Count, Products) = (new double[levels], new int[levels], []);
        (Within, InverseR, Covariance) = (new double[columns * columns], new double[columns * columns], new double[columns * columns]);
        Combinations = new(columns, hypotheses);
        _unweighted = Combinations.NeedUnweighted ? new(subjects, columns) : null;
    }

    /// <summary>The model matrix; null: not built.</summary>
    public DesignMatrix? Design { get; set; }

    /// <summary>Whether the tables are those of <see cref="Design"/> and may be used again.</summary>
    public bool IsFactored { get; set; }

    /// <summary>The number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>The number of columns that are not aliased.</summary>
    public int Rank => _qr.Rank;

    /// <summary>The column of the model matrix of each of <see cref="Rank"/> coefficients.</summary>
    public ReadOnlySpan<int> Pivots => _qr.Pivots;

    /// <summary>Q, rows × rank, row-major.</summary>
    public double[] Basis { get; }

    /// <summary>The subject of each row.</summary>
    public int[] Subject { get; }

    /// <summary>The place of each row in <see cref="Design"/>.</summary>
    public int[] Place { get; }

    /// <summary>The square root of each row's weight.</summary>
    public double[] Root { get; }

    /// <summary>The offset of each row, not scaled.</summary>
    public double[] Offset { get; }

    /// <summary>The number of groups with rows.</summary>
    public int Groups { get; private set; }

    /// <summary>The row after the last of each group.</summary>
    public int[] GroupEnd { get; }

    /// <summary>The sum of the weights of each group.</summary>
    public double[] GroupMass { get; }

    /// <summary>The class of each group.</summary>
    public int[] ClassOfGroup { get; }

    /// <summary>s of each group, groups × rank, row-major.</summary>
    public double[] GroupSums { get; }

    /// <summary>The number of classes.</summary>
    public int Classes { get; private set; }

    /// <summary>m of each class, ascending.</summary>
    public double[] Mass { get; }

    /// <summary>The number of groups of each class.</summary>
    public int[] Count { get; }

    /// <summary>G of each class, rank × rank.</summary>
    public double[] Products { get; private set; }

    /// <summary>W, rank × rank.</summary>
    public double[] Within { get; }

    /// <summary>R⁻¹, rank × rank, row-major: coefficients are R⁻¹ times the coordinates on Q.</summary>
    private double[] InverseR { get; }

    /// <summary>The covariance matrix of the rows of Q without their weights, from which the variance of fitted values follows.</summary>
    private double[] Covariance { get; }

    /// <summary>Coefficients, contrasts and F tests in terms of the coordinates on Q.</summary>
    public Combinations Combinations { get; }

    /// <summary>How much the criterion falls from no variance between groups to its minimum.</summary>
    public double LikelihoodRatio(MixedSolution fit, bool isRestricted)
    {
        var ordinary =
            (isRestricted ? LogDeterminant : 0)
            - LogWeights
            + (fit.Degrees * (1 + ReproducibleMath.Log(Math.Tau * fit.OrdinarySquares / fit.Degrees)));
        return fit.Ratio == 0 ? 0 : Math.Max(0, ordinary - fit.Criterion);
    }

    /// <summary>The variance of the fitted values over the rows.</summary>
    /// <param name="coordinates">The coordinates of the fixed effects on Q.</param>
    public double FittedVariance(ReadOnlySpan<double> coordinates)
    {
        var sum = 0.0;
        for (var a = 0; a < Rank; a++)
        for (var b = 0; b < Rank; b++)
            sum += coordinates[a] * Covariance[(a * Rank) + b] * coordinates[b];
        return sum;
    }

    /// <summary>ln |R|².</summary>
    public double LogDeterminant { get; private set; }

    /// <summary>Σ ln w.</summary>
    public double LogWeights { get; private set; }

    /// <inheritdoc/>
    /// <remarks>One group, one row in each, or all differences are fixed effects.</remarks>
    public bool LacksGroups { get; private set; }

    /// <summary>The precomputed points of the search.</summary>
    public ProfileGrid Grid { get; } = new();

    /// <summary>The likelihood ratio statistic without variance between groups, simulated when it is needed.</summary>
    public LikelihoodRatioNull Null { get; } = new();

    /// <inheritdoc/>
    public void Factor(DesignMatrix design, ReadOnlySpan<int> finite, ReadOnlySpan<int> places)
    {
        Rows = places.Length;
        SortByGroup(design, places);
        ScaleColumns(design);
        _qr.Factor(_x.AsSpan(0, Rows * design.Columns), Rows, design.Columns);
        _qr.CopyBasis(Basis);
        SumGroups();
        FindClasses();
        SumProducts();
        SumWithin();
        InvertR();
        Combinations.Compute(
            _qr,
            _unweighted is null || design.Weights is null ? _qr : UnweightedRows.Factor(_unweighted, design, Place.AsSpan(0, Rows), _x)
        );
        BasisCovariance.Compute(this, _x, _basis, Covariance);
        LacksGroups = Groups < 2 || Groups == Rows || IsConfounded();
        Grid.Compute(this);
        Null.IsComputed = false;
    }

    /// <summary>Counting sort of the rows by group: stable, so that rows of a group keep their order.</summary>
    private void SortByGroup(DesignMatrix design, ReadOnlySpan<int> places)
    {
        Array.Clear(_first);
        foreach (var place in places)
            _first[_groupOfSubject[design.Rows[place]] + 1]++;
        Groups = 0;
        for (var level = 0; level < _first.Length - 1; level++)
        {
            var rows = _first[level + 1];
            _first[level + 1] += _first[level];
            if (rows > 0)
                GroupEnd[Groups++] = _first[level + 1];
        }
        LogWeights = 0;
        foreach (var place in places)
        {
            var row = _first[_groupOfSubject[design.Rows[place]]]++;
            (Place[row], Subject[row]) = (place, design.Rows[place]);
            Root[row] = design.Weights is null ? 1 : Math.Sqrt(design.Weights[place]);
            Offset[row] = design.Offset?[place] ?? 0;
            if (design.Weights is not null)
                LogWeights += ReproducibleMath.Log(design.Weights[place]);
        }
    }

    private void ScaleColumns(DesignMatrix design)
    {
        for (var c = 0; c < design.Columns; c++)
        {
            var column = design.Values.AsSpan(c * design.Rows.Length, design.Rows.Length);
            for (var i = 0; i < Rows; i++)
                _x[(c * Rows) + i] = column[Place[i]] * Root[i];
        }
    }

    private void SumGroups()
    {
        Array.Clear(GroupSums);
        var row = 0;
        for (var group = 0; group < Groups; group++)
        {
            var sums = GroupSums.AsSpan(group * Rank, Rank);
            var mass = 0.0;
            for (; row < GroupEnd[group]; row++)
            {
                mass += Root[row] * Root[row];
                for (var c = 0; c < Rank; c++)
                    sums[c] += Root[row] * Basis[(row * Rank) + c];
            }
            GroupMass[group] = mass;
        }
    }

    private void FindClasses()
    {
        var masses = GroupMass;
        var order = _massOrder.AsSpan(0, Groups);
        for (var group = 0; group < Groups; group++)
            order[group] = group;
        order.Sort((a, b) => masses[a] != masses[b] ? masses[a].CompareTo(masses[b]) : a.CompareTo(b));
        Classes = 0;
        foreach (var group in order)
        {
            if (Classes == 0 || masses[group] != Mass[Classes - 1])
                (Mass[Classes], Count[Classes++]) = (masses[group], 0);
            Count[Classes - 1]++;
            ClassOfGroup[group] = Classes - 1;
        }
    }

    private void SumProducts()
    {
        var size = Rank * Rank;
        if (Products.Length < Classes * size)
            Products = new double[Classes * size];
        Array.Clear(Products);
        for (var group = 0; group < Groups; group++)
        {
            var sums = GroupSums.AsSpan(group * Rank, Rank);
            var products = Products.AsSpan(ClassOfGroup[group] * size, size);
            for (var a = 0; a < Rank; a++)
            for (var b = 0; b < Rank; b++)
                products[(a * Rank) + b] += sums[a] * sums[b];
        }
    }

    private void SumWithin()
    {
        Array.Clear(Within);
        var row = 0;
        for (var group = 0; group < Groups; group++)
        for (; row < GroupEnd[group]; row++)
        {
            var deviations = _basis.AsSpan(0, Rank);
            for (var c = 0; c < Rank; c++)
                deviations[c] = Basis[(row * Rank) + c] - (Root[row] * GroupSums[(group * Rank) + c] / GroupMass[group]);
            for (var a = 0; a < Rank; a++)
            for (var b = 0; b < Rank; b++)
                Within[(a * Rank) + b] += deviations[a] * deviations[b];
        }
    }

    private void InvertR()
    {
        Array.Clear(InverseR);
        LogDeterminant = 0;
        for (var c = 0; c < Rank; c++)
        {
            LogDeterminant += 2 * ReproducibleMath.Log(Math.Abs(_qr.R(c, c)));
            for (var i = c; i >= 0; i--)
            {
                var x = i == c ? 1.0 : 0.0;
                for (var k = i + 1; k <= c; k++)
                    x -= _qr.R(i, k) * InverseR[(k * Rank) + c];
                InverseR[(i * Rank) + c] = x / _qr.R(i, i);
            }
        }
    }

    /// <summary>Whether no part of the groups' indicators is outside the fixed effects.</summary>
    private bool IsConfounded()
    {
        double outside = 0,
            all = 0;
        for (var group = 0; group < Groups; group++)
        {
            var squares = 0.0;
            for (var c = 0; c < Rank; c++)
                squares += GroupSums[(group * Rank) + c] * GroupSums[(group * Rank) + c];
            outside += Math.Abs(GroupMass[group] - squares);
            all += GroupMass[group];
        }
        return outside <= 1e-10 * all;
    }
}
