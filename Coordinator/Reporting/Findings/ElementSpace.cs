using HpcFit.Coordinator.Tables;

namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>
/// Where the elements of an analysis are, as far as its file locates them: distances and neighbours. Elements of parcels and surfaces have
/// names and no distances.
/// </summary>
internal sealed class ElementSpace
{
    private readonly double[][] _points;
    private readonly double[][]? _cells;
    private readonly double[][]? _directions;

    private ElementSpace(double[][] points, double[][]? cells, double[][]? directions, string unit) =>
        (_points, _cells, _directions, Unit) = (points, cells, directions, unit);

    /// <summary>The unit of <see cref="Distance"/>; empty: there are no distances.</summary>
    public string Unit { get; }

    /// <summary>Whether elements have neighbours.</summary>
    public bool HasNeighbours => _cells is not null;

    /// <summary>The neighbours of an element in words.</summary>
    public string Neighbourhood =>
        _directions is null ? "the 26 adjacent voxels" : "fixels of the 26 adjacent voxels whose directions differ by less than 45 degrees";

    /// <summary>Reads the places of an analysis' elements.</summary>
    public static ElementSpace Read(ResultTable table)
    {
        var (cells, points, directions) = (
            Columns(table, "i", "j", "k"),
            Columns(table, "x_mm", "y_mm", "z_mm"),
            Columns(table, "direction_x", "direction_y", "direction_z")
        );
        return new(
            points ?? cells ?? [],
            cells,
            directions,
            points is not null ? "mm"
                : cells is not null ? "voxels"
                : ""
        );
    }

    /// <summary>The distance of two elements, in <see cref="Unit"/>.</summary>
    public double Distance(int one, int other)
    {
        var sum = 0.0;
        foreach (var axis in _points)
            sum += (axis[one] - axis[other]) * (axis[one] - axis[other]);
        return Math.Sqrt(sum);
    }

    /// <summary>
    /// Divides elements into clusters of neighbours: connected components.
    /// </summary>
    /// <param name="rows">The elements.</param>
    /// <returns>The clusters, the largest first; elements ascending.</returns>
    public IReadOnlyList<IReadOnlyList<int>> Clusters(IReadOnlyList<int> rows)
    {
        if (_cells is null)
            return [];
        var byCell = rows.GroupBy(Cell).ToDictionary(group => group.Key, group => group.ToList());
        var remaining = rows.ToHashSet();
        var clusters = new List<IReadOnlyList<int>>();
        foreach (var row in rows)
        {
            if (!remaining.Remove(row))
                continue;
            var cluster = new List<int> { row };
            for (var next = 0; next < cluster.Count; next++)
                cluster.AddRange(Neighbours(cluster[next], byCell).Where(remaining.Remove));
            clusters.Add([.. cluster.Order()]);
        }
        return [.. clusters.OrderByDescending(cluster => cluster.Count)];
    }

    private static double[][]? Columns(ResultTable table, params string[] names)
    {
        var columns = names.Select(name => table.Positions.Columns.FirstOrDefault(column => column.Name == name) as NumberColumn).ToList();
        if (columns.Contains(null))
            return null;
        return
        [
            .. columns.Select(column =>
            {
                var values = new double[table.Rows];
                column!.Read(0, values);
                return values;
            }),
        ];
    }

    private (int I, int J, int K) Cell(int row) => ((int)_cells![0][row], (int)_cells[1][row], (int)_cells[2][row]);

    private IEnumerable<int> Neighbours(int row, Dictionary<(int I, int J, int K), List<int>> byCell)
    {
        var (i, j, k) = Cell(row);
        for (var di = -1; di <= 1; di++)
        {
            for (var dj = -1; dj <= 1; dj++)
            {
                for (var dk = -1; dk <= 1; dk++)
                {
                    if ((di, dj, dk) == (0, 0, 0) || !byCell.TryGetValue((i + di, j + dj, k + dk), out var there))
                        continue;
                    foreach (var other in there.Where(other => AreParallel(row, other)))
                        yield return other;
                }
            }
        }
    }

    /// <summary>Whether two fixels point along nearly the same axis; their sign has no meaning. True for voxels.</summary>
    private bool AreParallel(int one, int other)
    {
        if (_directions is null)
            return true;
        var (dot, first, second) = (0.0, 0.0, 0.0);
        foreach (var axis in _directions)
        {
            dot += axis[one] * axis[other];
            first += axis[one] * axis[one];
            second += axis[other] * axis[other];
        }
        return dot * dot > 0.5 * first * second; // the squared cosine of 45 degrees
    }
}
