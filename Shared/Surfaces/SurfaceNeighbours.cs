namespace HpcFit.Shared.Surfaces;

/// <summary>The neighbours of each vertex of a surface: the vertices with which it shares an edge of a triangle.</summary>
public sealed class SurfaceNeighbours
{
    private readonly int[] _begin;
    private readonly int[] _neighbours;

    private SurfaceNeighbours(int[] begin, int[] neighbours) => (_begin, _neighbours) = (begin, neighbours);

    /// <summary>The number of vertices.</summary>
    public int Vertices => _begin.Length - 1;

    /// <summary>The neighbours of a vertex, ascending, each once, and never the vertex itself.</summary>
    public ReadOnlySpan<int> Of(int vertex) => _neighbours.AsSpan(_begin[vertex], _begin[vertex + 1] - _begin[vertex]);

    /// <summary>Determines the neighbours from the triangles of a surface.</summary>
    public static SurfaceNeighbours From(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        // Both directions of every edge of every triangle as one number, so that sorting groups them by their first vertex.
        var edges = new List<long>(2 * surface.Triangles.Length);
        for (var at = 0; at < surface.Triangles.Length; at++)
        {
            long one = surface.Triangles[at],
                other = surface.Triangles[at % 3 == 2 ? at - 2 : at + 1];
            if (one == other)
                continue;
            edges.Add((one << 32) | other);
            edges.Add((other << 32) | one);
        }
        edges.Sort();
        return Distinct(edges, surface.Vertices);
    }

    private static SurfaceNeighbours Distinct(List<long> edges, int vertices)
    {
        var begin = new int[vertices + 1];
        var neighbours = new List<int>(edges.Count / 2);
        var last = -1L;
        foreach (var edge in edges)
        {
            if (edge == last)
                continue;
            last = edge;
            neighbours.Add((int)edge);
            begin[(edge >> 32) + 1]++;
        }
        for (var vertex = 0; vertex < vertices; vertex++)
            begin[vertex + 1] += begin[vertex];
        return new(begin, [.. neighbours]);
    }
}
