using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed;

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
        InverseMass = [.. tables.Mass[..tables.Classes].Select(mass => 1 / mass)];
        PackedWithin = new double[tables.Rank * (tables.Rank + 1) / 2];
        PackedProducts = new double[PackedWithin.Length * tables.Classes];
        ScaledProducts = new double[PackedProducts.Length];
        Pack();
        (SquareWeights, CrossWeights) = (new double[PaddedPoints * tables.Classes], new double[PaddedPoints * tables.Classes]);
        WeighPoints();
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

    /// <summary>1 / m of each class.</summary>
    public double[] InverseMass { get; }

    /// <summary>W, the lower triangle by rows.</summary>
    public double[] PackedWithin { get; }

    /// <summary>G, entry i of the lower triangle of class k at <c>[i * classes + k]</c>.</summary>
    public double[] PackedProducts { get; }

    /// <summary><see cref="PackedProducts"/> over m.</summary>
    public double[] ScaledProducts { get; }

    /// <summary>v / m at the points of the grid: for each block of points, for each class, a value per point.</summary>
    public double[] SquareWeights { get; }

    /// <summary>t v at the points of the grid, laid out in the same way.</summary>
    public double[] CrossWeights { get; }

    /// <summary>Q'√w.</summary>
    public double[] RootProjections { get; }

    /// <summary>Whether a constant can be subtracted from the response without changing its residuals.</summary>
    public bool CanShift { get; }

    private void Sort()
    {
        var (row, place) = (0, 0);
        for (var k = 0; k < Tables.Classes; k++)
        {
            for (var group = 0; group < Tables.Groups; group++)
            {
                if (Tables.ClassOfGroup[group] != k)
                    continue;
                Tables.GroupSums.AsSpan(group * Tables.Rank, Tables.Rank).CopyTo(GroupSums.AsSpan(place * PaddedColumns));
                for (var from = group == 0 ? 0 : Tables.GroupEnd[group - 1]; from < Tables.GroupEnd[group]; from++, row++)
                    CopyRow(from, row, group);
                GroupEnd[place++] = row;
            }
            ClassEnd[k] = place;
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

    private void Pack()
    {
        var (rank, place) = (Tables.Rank, 0);
        for (var i = 0; i < rank; i++)
        for (var j = 0; j <= i; j++, place++)
        {
            PackedWithin[place] = Tables.Within[(i * rank) + j];
            for (var k = 0; k < Tables.Classes; k++)
            {
                var product = Tables.Products[(((k * rank) + i) * rank) + j];
                PackedProducts[(place * Tables.Classes) + k] = product;
                ScaledProducts[(place * Tables.Classes) + k] = product * InverseMass[k];
            }
        }
    }

    private void WeighPoints()
    {
        for (var point = 0; point < ProfileGrid.Points; point++)
        for (var k = 0; k < Tables.Classes; k++)
        {
            var shrinkage = Tables.Grid.Shrinkage(point)[k];
            var place = (((point / PointsAtOnce * Tables.Classes) + k) * PointsAtOnce) + (point % PointsAtOnce);
            SquareWeights[place] = shrinkage * InverseMass[k];
            CrossWeights[place] = ProfileGrid.Values[point] * shrinkage;
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
