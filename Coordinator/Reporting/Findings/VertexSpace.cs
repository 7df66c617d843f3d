using HpcFit.Coordinator.Tables;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>The surface on which each vertex of an analysis is.</summary>
/// <param name="structures">The number of each element's structure.</param>
/// <param name="vertices">The vertex of each element; NaN: it is no vertex.</param>
/// <param name="meshes">For each structure its surface with the neighbours of its vertices; null: none was given.</param>
internal sealed class VertexSpace(int[] structures, double[] vertices, VertexSpace.Mesh?[] meshes)
{
    private const int None = -1;

    /// <summary>Reads structures and vertices; null: the elements have none, or no surface was given for them.</summary>
    public static VertexSpace? Read(ResultTable table, StructureSurfaces surfaces, int[]? structures, IReadOnlyList<string> names)
    {
        var vertex = table.Positions.Columns.OfType<NumberColumn>().FirstOrDefault(column => column.Name == "vertex");
        if (structures is null || vertex is null)
            return null;
        var meshes = names.Select(name => surfaces.TryFind(name) is { } surface ? new Mesh(surface) : null).ToArray();
        if (Array.TrueForAll(meshes, mesh => mesh is null))
            return null;
        var vertices = new double[table.Rows];
        vertex.Read(0, vertices);
        return new(structures, vertices, meshes);
    }

    /// <summary>Whether an element is a vertex of a surface.</summary>
    public bool Has(int row) => meshes[structures[row]] is not null && !double.IsNaN(vertices[row]);

    /// <summary>The area of a vertex in square millimetres; 0 for other elements.</summary>
    public double AreaOf(int row) => Has(row) ? meshes[structures[row]]!.Areas.Value[(int)vertices[row]] : 0;

    /// <summary>The neighbours of some elements along edges of the surfaces.</summary>
    public INeighbours Among(IEnumerable<int> rows) => new Edges(this, RowsOfVertices(rows));

    /// <summary>Whether elements are less than a distance away from one of them along edges of its surface.</summary>
    public Func<int, bool> CloserTo(int row, double distance)
    {
        var mesh = meshes[structures[row]]!;
        var near = SurfaceDistances.Within(mesh.Surface, mesh.Neighbours.Value, (int)vertices[row], distance);
        return other => structures[other] == structures[row] && Has(other) && near.Contains((int)vertices[other]);
    }

    /// <summary>For each structure, the row of each vertex; -1: it is not among the elements.</summary>
    private int[]?[] RowsOfVertices(IEnumerable<int> rows)
    {
        var rowOf = Array.ConvertAll(meshes, mesh => mesh is null ? null : Enumerable.Repeat(None, mesh.Surface.Vertices).ToArray());
        foreach (var row in rows.Where(Has))
            rowOf[structures[row]]![(int)vertices[row]] = row;
        return rowOf;
    }

    private int Structure(int row) => structures[row];

    private int[] NeighboursOf(int row) => meshes[structures[row]]!.Neighbours.Value.Of((int)vertices[row]).ToArray();

    /// <summary>A surface, and what is derived from it when it is needed.</summary>
    /// <param name="Surface">The surface.</param>
    internal sealed record Mesh(Surface Surface)
    {
        /// <summary>The neighbours of each vertex.</summary>
        public Lazy<SurfaceNeighbours> Neighbours { get; } = new(() => SurfaceNeighbours.From(Surface));

        /// <summary>The area of each vertex.</summary>
        public Lazy<double[]> Areas { get; } = new(Surface.VertexAreas);
    }

    private sealed class Edges(VertexSpace space, int[]?[] rowOf) : INeighbours
    {
        /// <inheritdoc/>
        public IEnumerable<int> Of(int row)
        {
            if (!space.Has(row))
                return [];
            var (rows, neighbours) = (rowOf[space.Structure(row)]!, space.NeighboursOf(row));
            return neighbours.Select(vertex => rows[vertex]).Where(other => other != None);
        }
    }
}
