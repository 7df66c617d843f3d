using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Partials;

/// <summary>
/// Blocks that are used as a whole or not at all, because they hold counts over all of their units: disjoint ones among blocks of
/// overlapping attempts, so that no unit counts twice.
/// </summary>
internal static class ExactCover
{
    /// <summary>
    /// The ranges, ascending and disjoint, that together have the most units. A range that is added never makes them fewer, so a round over
    /// the units that they lack completes them.
    /// </summary>
    /// <param name="blocks">The blocks; of several with the same range the first counts.</param>
    /// <param name="unitsOf">The units of a block.</param>
    public static IReadOnlyList<T> Select<T>(IEnumerable<T> blocks, Func<T, ElementRange> unitsOf)
    {
        // Weighted interval scheduling: most[n] is the number of units that the first n blocks by end can cover.
        var sorted = blocks.DistinctBy(unitsOf).OrderBy(block => unitsOf(block).End).ThenBy(block => unitsOf(block).First).ToList();
        var most = new long[sorted.Count + 1];
        var before = new int[sorted.Count];
        for (var i = 0; i < sorted.Count; i++)
        {
            var units = unitsOf(sorted[i]);
            before[i] = CountEndingBy(units.First, i);
            most[i + 1] = Math.Max(most[i], most[before[i]] + units.Count);
        }
        var chosen = new List<T>();
        for (var i = sorted.Count; i > 0; )
        {
            if (most[i] == most[i - 1])
            {
                i--;
                continue;
            }
            chosen.Add(sorted[i - 1]);
            i = before[i - 1];
        }
        chosen.Reverse();
        return chosen;

        int CountEndingBy(long first, int below)
        {
            var (low, high) = (0, below);
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                if (unitsOf(sorted[middle]).End <= first)
                    low = middle + 1;
                else
                    high = middle;
            }
            return low;
        }
    }
}
