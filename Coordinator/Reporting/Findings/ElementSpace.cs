using HpcFit.Coordinator.Tables;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>
/// Where the elements of an analysis are, as far as its file and the given surfaces locate them: distances and neighbours. Parcels have
/// names and no distances.
/// </summary>
internal sealed class ElementSpace
{
    private readonly double[][] _points;
    private readonly double[][]? _cells;
    private readonly double[][]? _directions;
    private readonly int[]? _structures;
    private readonly VertexSpace? _vertices;

    private ElementSpace(ResultTable table, StructureSurfaces surfaces)
    {
        (_structures, var names) = Structures(table);
        _vertices = VertexSpace.Read(table, surfaces, _structures, names);
        _cells = Columns(table, "i", "j", "k");
        _directions = Columns(table, "direction_x", "direction_y", "direction_z");
        var millimetres = Columns(table, "x_mm", "y_mm", "z_mm");
        _points = millimetres ?? _cells ?? [];
        Unit =
            millimetres is not null ? "mm"
            : _cells is not null ? "voxels"
            : "";
    }

    /// <summary>The unit of distances; empty: there are no distances.</summary>
    public string Unit { get; }

    /// <summary>Whether some elements are vertices of a surface.</summary>
    public bool HasVertices => _vertices is not null;

    /// <summary>The neighbours of an element in words.</summary>
    public string Neighbourhood
    {
        get
        {
            if (_directions is not null)
                return "fixels of the 26 adjacent voxels whose directions differ by less than 45 degrees";
            var voxels = _structures is null ? "the 26 adjacent voxels" : "the 26 adjacent voxels of the same structure";
            const string vertices = "vertices that share an edge of the surface";
            return _vertices is null ? voxels
                : _cells is null ? vertices
                : $"{vertices}, and {voxels}";
        }
    }

    /// <summary>Reads the places of an analysis' elements.</summary>
    public static ElementSpace Read(ResultTable table, StructureSurfaces surfaces) => new(table, surfaces);

    /// <summary>The neighbours of some elements among each other; null: nothing locates them.</summary>
    public INeighbours? Among(IReadOnlyList<int> rows)
    {
        var cells = _cells is null ? null : new CellNeighbours(rows, _cells, _directions, _structures);
        var vertices = _vertices?.Among(rows);
        return cells is not null && vertices is not null ? new Both(cells, vertices) : cells ?? vertices;
    }

    /// <summary>
    /// Whether elements are less than a distance away from one of them: along edges if it is a vertex, otherwise straight. Elements on
    /// different surfaces, a vertex and a voxel, and elements that nothing locates are never close to each other.
    /// </summary>
    /// <param name="row">The element.</param>
    /// <param name="distance">The distance in <see cref="Unit"/>.</param>
    public Func<int, bool> CloserTo(int row, double distance) =>
        _vertices?.Has(row) ?? false
            ? _vertices.CloserTo(row, distance)
            : other => _points.Length > 0 && !(_vertices?.Has(other) ?? false) && Distance(row, other) < distance;

    /// <summary>Divides elements into clusters of neighbours: connected components.</summary>
    /// <param name="rows">The elements.</param>
    /// <returns>The clusters, the largest first; elements ascending.</returns>
    public IReadOnlyList<IReadOnlyList<int>> Clusters(IReadOnlyList<int> rows)
    {
        if (Among(rows) is not { } neighbours)
            return [];
        var remaining = rows.Where(IsLocated).ToHashSet();
        var clusters = new List<IReadOnlyList<int>>();
        foreach (var row in rows)
        {
            if (!remaining.Remove(row))
                continue;
            var cluster = new List<int> { row };
            for (var next = 0; next < cluster.Count; next++)
                cluster.AddRange(neighbours.Of(cluster[next]).Where(remaining.Remove));
            clusters.Add([.. cluster.Order()]);
        }
        return [.. clusters.OrderByDescending(cluster => cluster.Count)];
    }

    /// <summary>The area of some elements in square millimetres, as far as they are vertices.</summary>
    public double AreaOf(IEnumerable<int> rows) => rows.Sum(row => _vertices?.AreaOf(row) ?? 0);

    /// <summary>Whether an element has a cell, or a vertex of a given surface.</summary>
    private bool IsLocated(int row) => (_vertices?.Has(row) ?? false) || (_cells is not null && !double.IsNaN(_cells[0][row]));

    /// <summary>NaN if one of the elements has no position.</summary>
    private double Distance(int one, int other)
    {
        var sum = 0.0;
        foreach (var axis in _points)
            sum += (axis[one] - axis[other]) * (axis[one] - axis[other]);
        return Math.Sqrt(sum);
    }

    /// <summary>The number of each element's structure, and the names of the structures; null: elements have none.</summary>
    private static (int[]? OfRow, IReadOnlyList<string> Names) Structures(ResultTable table)
    {
        if (table.Positions.Columns.OfType<TextColumn>().FirstOrDefault(column => column.Name == "structure") is not { } texts)
            return (null, []);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var structures = new int[table.Rows];
        for (var row = 0; row < structures.Length; row++)
        {
            var name = texts[row];
            if (!numbers.TryGetValue(name, out structures[row]))
                numbers.Add(name, structures[row] = numbers.Count);
        }
        return (structures, [.. numbers.Keys]);
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

    /// <summary>Neighbours of voxels and of vertices, of which each element has one kind.</summary>
    private sealed class Both(INeighbours cells, INeighbours vertices) : INeighbours
    {
        /// <inheritdoc/>
        public IEnumerable<int> Of(int row) => cells.Of(row).Concat(vertices.Of(row));
    }
}
