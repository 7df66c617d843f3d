using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>
/// Distances along the edges of a surface (Dijkstra, Numer. Math. 1 (1959) 269-271), which do not jump across a sulcus as straight lines
/// do. They are a little longer than the shortest paths over the triangles.
/// </summary>
internal static class SurfaceDistances
{
    /// <summary>The vertices that are less than a distance away from one of them, which is included.</summary>
    public static IReadOnlySet<int> Within(Surface surface, SurfaceNeighbours neighbours, int start, double distance)
    {
        var near = new HashSet<int>();
        var queue = new PriorityQueue<int, double>([(start, 0)]);
        while (queue.TryDequeue(out var vertex, out var reached))
        {
            if (!near.Add(vertex))
                continue;
            foreach (var next in neighbours.Of(vertex))
            {
                var length = reached + Length(surface, vertex, next);
                if (length < distance && !near.Contains(next))
                    queue.Enqueue(next, length);
            }
        }
        return near;
    }

    private static double Length(Surface surface, int one, int other)
    {
        var sum = 0.0;
        for (var axis = 0; axis < 3; axis++)
        {
            var difference = surface.Points[(3 * one) + axis] - surface.Points[(3 * other) + axis];
            sum += difference * difference;
        }
        return Math.Sqrt(sum);
    }
}
