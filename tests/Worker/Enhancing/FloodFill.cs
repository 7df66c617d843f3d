namespace HpcFit.Worker.Tests.Enhancing;

/// <summary>An independent, slow twin: clusters by flood fill, adjacency by comparing every pair of cells.</summary>
internal sealed class FloodFill
{
    private readonly List<int>[] _adjacent;

    public FloodFill(IReadOnlyList<(int I, int J, int K)> cells, int neighbours)
    {
        var axes = neighbours switch
        {
            6 => 1,
            18 => 2,
            _ => 3,
        };
        _adjacent =
        [
            .. cells.Select(one =>
                cells
                    .Index()
                    .Where(other =>
                    {
                        int[] moved = [.. new[] { one.I - other.Item.I, one.J - other.Item.J, one.K - other.Item.K }.Select(Math.Abs)];
                        return moved.Max() == 1 && moved.Sum() <= axes;
                    })
                    .Select(other => other.Index)
                    .ToList()
            ),
        ];
    }

    public IReadOnlyList<int> Adjacent(int element) => _adjacent[element];

    /// <summary>The clusters of the elements that are included.</summary>
    public IEnumerable<List<int>> Clusters(Func<int, bool> isIncluded)
    {
        var remaining = Enumerable.Range(0, _adjacent.Length).Where(isIncluded).ToHashSet();
        while (remaining.Count > 0)
        {
            var cluster = new List<int> { remaining.First() };
            remaining.Remove(cluster[0]);
            for (var next = 0; next < cluster.Count; next++)
                cluster.AddRange(_adjacent[cluster[next]].Where(remaining.Remove));
            yield return cluster;
        }
    }
}
