using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Profile;

namespace HpcFit.Worker.Mixed.Tiles;

/// <summary>
/// The design of every element where no subject is missing, laid out for tiles of elements. Rows are sorted by class, then by group.
/// Immutable and shared by threads.
/// </summary>
/// <remarks>
/// With d the response of a row less that of its group's first row, both scaled by the roots of weights, W = Σ w w' the part of Q'Q within
/// groups and w a row's part of Q within its group, Q'y = Σ w d + Σ s s(y) / m: first rows have d = 0 and are read for s(y) alone.
/// </remarks>
internal sealed class SharedGroups : ITileRows
{
    /// <summary>Columns that the kernel processes at once.</summary>
    public const int ColumnsAtOnce = 4;

    /// <summary>Points of the search's grid that the kernel processes at once.</summary>
    public const int PointsAtOnce = 4;

    /// <summary>The points of the grid, rounded up to whole blocks of <see cref="PointsAtOnce"/>.</summary>
    public const int PaddedPoints = (ProfileGrid.Points + PointsAtOnce - 1) / PointsAtOnce * PointsAtOnce;

    private const double Inside = 1e-12;

    public SharedGroups(GroupedDesign tables)
    {
        Tables = tables;
        PaddedColumns = (tables.Rank + ColumnsAtOnce - 1) / ColumnsAtOnce * ColumnsAtOnce;
        Rows = new int[tables.Rows];
        RootWeights = tables.Design!.Weights is null ? null : new double[tables.Rows];
        Offset = tables.Design.Offset is null ? null : new double[tables.Rows];
        (GroupEnd, ClassEnd) = (new int[tables.Groups], new int[tables.Classes]);
        Within = new double[tables.Rows * PaddedColumns];
        GroupSums = new double[tables.Groups * PaddedColumns];
        Sort();
        InverseMassOfClass = [.. tables.Mass[..tables.Classes].Select(mass => 1 / mass)];
        Nodes = MassNodes.Create(tables.Mass[..tables.Classes]);
        Mass = Nodes?.Mass ?? tables.Mass[..tables.Classes];
        InverseMass = [.. Mass.Select(mass => 1 / mass)];
        double[] counts = [.. tables.Count[..tables.Classes].Select(count => (double)count)];
        Count = Nodes?.Distribute(counts) ?? counts;
        PackedWithin = new double[tables.Rank * (tables.Rank + 1) / 2];
        PackedProducts = new double[PackedWithin.Length * Classes];
        Pack();
        (SquareWeights, CrossWeights) = (new double[PaddedPoints * Classes], new double[PaddedPoints * Classes]);
        WeighPoints();
        PointInverses = new double[ProfileGrid.Points * PackedWithin.Length];
        InvertPoints();
        RootProjections = new double[tables.Rank];
        CanShift = ProjectRoots();
    }

    /// <summary>The tables of the rows, in another order.</summary>
    public GroupedDesign Tables { get; }

    /// <summary>The subject of each row.</summary>
    public int[] Rows { get; }

    /// <inheritdoc/>
    public double[]? RootWeights { get; }

    /// <inheritdoc/>
    public double[]? Offset { get; }

    /// <inheritdoc/>
    public double[]? LogWeights => null;

    /// <summary>The row after the last of each group.</summary>
    public int[] GroupEnd { get; }

    /// <summary>The group after the last of each class.</summary>
    public int[] ClassEnd { get; }

    /// <summary>The rank, rounded up to whole blocks of <see cref="ColumnsAtOnce"/>.</summary>
    public int PaddedColumns { get; }

    /// <summary>w of each row, rows × <see cref="PaddedColumns"/>, row-major, zeros in the columns after the rank.</summary>
    public double[] Within { get; }

    /// <summary>s of each group, laid out in the same way.</summary>
    public double[] GroupSums { get; }

    /// <summary>1 / m of each class of the tables.</summary>
    public double[] InverseMassOfClass { get; }

    /// <summary>What stands for the classes of the tables in the search; null: they do so themselves.</summary>
    public MassNodes? Nodes { get; }

    /// <summary>The number of classes in the search: those of the tables, or nodes.</summary>
    public int Classes => Mass.Length;

    /// <summary>m of each class in the search.</summary>
    public double[] Mass { get; }

    /// <summary>1 / m.</summary>
    public double[] InverseMass { get; }

    /// <summary>The number of groups of each class in the search; of nodes, not whole and not positive.</summary>
    public double[] Count { get; }

    /// <summary>W, the lower triangle by rows.</summary>
    public double[] PackedWithin { get; }

    /// <summary>G, entry i of the lower triangle of class k at <c>[i * classes + k]</c>.</summary>
    public double[] PackedProducts { get; }

    /// <summary>v / m at the points of the grid: for each block of points, for each class, a value per point.</summary>
    public double[] SquareWeights { get; }

    /// <summary>t v at the points of the grid, laid out in the same way.</summary>
    public double[] CrossWeights { get; }

    /// <summary>The inverse Cholesky factors of Q'V⁻¹Q at the points of the grid: lower triangles by rows.</summary>
    public double[] PointInverses { get; }

    /// <summary>Q'√w.</summary>
    public double[] RootProjections { get; }

    /// <summary>Whether a constant can be subtracted from the response without changing its residuals.</summary>
    public bool CanShift { get; }

    private void Sort()
    {
        // Stable, so that the groups of a class keep their order.
        var (groups, next) = (new int[Tables.Groups], new int[Tables.Classes]);
        for (var k = 1; k < next.Length; k++)
            next[k] = next[k - 1] + Tables.Count[k - 1];
        for (var group = 0; group < groups.Length; group++)
            groups[next[Tables.ClassOfGroup[group]]++] = group;
        var row = 0;
        for (var place = 0; place < groups.Length; place++)
        {
            var group = groups[place];
            Tables.GroupSums.AsSpan(group * Tables.Rank, Tables.Rank).CopyTo(GroupSums.AsSpan(place * PaddedColumns));
            for (var from = group == 0 ? 0 : Tables.GroupEnd[group - 1]; from < Tables.GroupEnd[group]; from++, row++)
                CopyRow(from, row, group);
            (GroupEnd[place], ClassEnd[Tables.ClassOfGroup[group]]) = (row, place + 1);
        }
    }

    private void CopyRow(int from, int to, int group)
    {
        var rank = Tables.Rank;
        Rows[to] = Tables.Subject[from];
        if (RootWeights is not null)
            RootWeights[to] = Tables.Root[from];
        if (Offset is not null)
            Offset[to] = Tables.Offset[from];
        for (var c = 0; c < rank; c++)
            Within[(to * PaddedColumns) + c] =
                Tables.Basis[(from * rank) + c] - (Tables.Root[from] * Tables.GroupSums[(group * rank) + c] / Tables.GroupMass[group]);
    }

    /// <summary>
    /// exp(ln |V| / degrees) of a point of the grid over that of the first, with ln |Q'V⁻¹Q| if likelihoods are restricted.
    /// </summary>
    public double PointScale(int point, bool isRestricted, int degrees)
    {
        var logs = isRestricted ? Tables.Grid.RestrictedLogDeterminants : Tables.Grid.LogDeterminants;
        return ReproducibleMath.Exp((logs[point] - logs[0]) / degrees);
    }

    private void Pack()
    {
        var (rank, place, known) = (Tables.Rank, 0, Tables.Classes);
        var products = new double[known];
        for (var i = 0; i < rank; i++)
        for (var j = 0; j <= i; j++, place++)
        {
            PackedWithin[place] = Tables.Within[(i * rank) + j];
            for (var k = 0; k < known; k++)
                products[k] = Tables.Products[(((k * rank) + i) * rank) + j];
            for (var k = 0; k < Classes; k++)
                PackedProducts[(place * Classes) + k] = Nodes is null
                    ? products[k]
                    : FixedOrder.Dot(Nodes.Weights.AsSpan(k * known, known), products);
        }
    }

    private void WeighPoints()
    {
        for (var point = 0; point < ProfileGrid.Points; point++)
        for (var k = 0; k < Classes; k++)
        {
            var t = ProfileGrid.Values[point];
            var shrinkage = 1 / (1 + (t * Mass[k]));
            var place = (((point / PointsAtOnce * Classes) + k) * PointsAtOnce) + (point % PointsAtOnce);
            SquareWeights[place] = shrinkage * InverseMass[k];
            CrossWeights[place] = t * shrinkage;
        }
    }

    private void InvertPoints()
    {
        var rank = Tables.Rank;
        var column = new double[rank];
        for (var point = 0; point < ProfileGrid.Points; point++)
        for (var c = 0; c < rank; c++)
        {
            Array.Clear(column);
            column[c] = 1;
            Cholesky.SolveLower(Tables.Grid.Factor(point), rank, column);
            for (var row = c; row < rank; row++)
                PointInverses[(point * PackedWithin.Length) + (row * (row + 1) / 2) + c] = column[row];
        }
    }

    /// <summary>Projects the roots of weights, to which a constant response is scaled; returns whether they are in the span of Q.</summary>
    private bool ProjectRoots()
    {
        var all = 0.0;
        for (var row = 0; row < Tables.Rows; row++)
        {
            all += Tables.Root[row] * Tables.Root[row];
            for (var c = 0; c < Tables.Rank; c++)
                RootProjections[c] += Tables.Root[row] * Tables.Basis[(row * Tables.Rank) + c];
        }
        return Math.Abs(all - RootProjections.Sum(value => value * value)) <= Inside * all;
    }
}
