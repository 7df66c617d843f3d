namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>Adjacent elements below the threshold, with estimates of one sign.</summary>
/// <param name="Rows">The elements, ascending.</param>
/// <param name="Peak">The strongest of them.</param>
/// <param name="MeanEstimate">The mean of their estimates; NaN: the term has none.</param>
internal sealed record Cluster(IReadOnlyList<int> Rows, int Peak, double MeanEstimate)
{
    /// <summary>The clusters of a term, the largest first; none if nothing locates the elements.</summary>
    public static IReadOnlyList<Cluster> Find(Term term, ElementSpace space, double threshold)
    {
        var below = Enumerable.Range(0, term.Decisions.Length).Where(row => term.IsBelow(row, threshold)).ToList();
        return
        [
            .. below
                .GroupBy(row => term.Estimates is { } estimates && estimates[row] < 0)
                .SelectMany(sign => space.Clusters([.. sign]))
                .Select(rows => From(term, rows))
                .OrderByDescending(cluster => cluster.Rows.Count)
                .ThenBy(cluster => cluster.Peak),
        ];
    }

    private static Cluster From(Term term, IReadOnlyList<int> rows) =>
        new(rows, rows.MinBy(term.Strength), term.Estimates is { } estimates ? rows.Average(row => estimates[row]) : double.NaN);
}
