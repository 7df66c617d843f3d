namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>The local maxima of a term that are not close to a stronger one.</summary>
internal static class Peaks
{
    /// <summary>Peaks are at least this far apart, in millimetres.</summary>
    public const double Separation = 8;

    /// <summary>The same where the file has no positions in millimetres, in voxels.</summary>
    public const double SeparationInVoxels = 4;

    private const int MaxPeaks = 20;
    private const int WithoutFinding = 5;
    private const int Looked = 1000;

    /// <summary>
    /// Finds peaks below a threshold; where no element is, the strongest ones regardless of it. None of a peak's neighbours with an
    /// estimate of the same sign is stronger.
    /// </summary>
    /// <param name="term">The term.</param>
    /// <param name="space">Where the elements are.</param>
    /// <param name="threshold">The threshold of <see cref="Term.Decisive"/>.</param>
    /// <returns>Rows, the strongest first.</returns>
    public static IReadOnlyList<int> Find(Term term, ElementSpace space, double threshold)
    {
        int[] known = [.. Enumerable.Range(0, term.Decisions.Length).Where(row => !double.IsNaN(term.Decisions[row]))];
        int[] found = [.. known.Where(row => term.IsBelow(row, threshold))];
        return found.Length > 0
            ? Find(term, space, found, MaxPeaks)
            : Find(term, space, [.. StrongestFirst(term, known).Take(Looked)], WithoutFinding);
    }

    private static List<int> Find(Term term, ElementSpace space, int[] candidates, int max)
    {
        var peaks = new List<int>();
        var isClose = new List<Func<int, bool>>();
        var neighbours = space.Among(candidates);
        foreach (var row in StrongestFirst(term, candidates))
        {
            if (peaks.Count == max)
                break;
            if (isClose.Exists(isCloseTo => isCloseTo(row)) || !IsLargest(term, neighbours, row))
                continue;
            peaks.Add(row);
            isClose.Add(space.CloserTo(row, space.Unit == "mm" ? Separation : SeparationInVoxels));
        }
        return peaks;
    }

    /// <summary>
    /// Elements by strength, ordered as far as they are taken. Corrections make many values equal; the uncorrected one distinguishes them.
    /// </summary>
    private static IEnumerable<int> StrongestFirst(Term term, int[] rows)
    {
        var queue = new PriorityQueue<int, (double, double, int)>(rows.Select(row => (row, term.Strength(row))));
        while (queue.TryDequeue(out var row, out _))
            yield return row;
    }

    private static bool IsLargest(Term term, INeighbours? neighbours, int row) =>
        neighbours is null
        || !neighbours.Of(row).Any(other => term.HasSameSign(row, other) && term.Strength(other).CompareTo(term.Strength(row)) < 0);
}
