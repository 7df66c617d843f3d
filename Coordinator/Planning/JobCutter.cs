using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Planning;

/// <summary>
/// Cuts a set of elements into jobs. The jobs are disjoint, ascending, and hold exactly the elements given. The time is
/// linear in cells and ranges, whatever the number of jobs.
/// </summary>
internal static class JobCutter
{
    /// <summary>
    /// Exactly <paramref name="jobs"/> jobs of about equal cost, cut on the borders of cells; one per cell when there are fewer cells than
    /// that.
    /// </summary>
    public static IReadOnlyList<ElementSet> IntoJobs(ElementSet elements, StripeGrid grid, long jobs, JobCost cost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(jobs, 1);
        var cellsLeft = grid.CountCells(elements);
        var count = Math.Min(jobs, cellsLeft);
        var stripesPerCell = (double)grid.ElementsPerCell / grid.ElementsPerStripe;
        var total = Cost(elements.Count, cellsLeft);
        var (cut, done) = (0L, 0.0);
        return Cut(
            elements,
            grid,
            (_, next) =>
            {
                var share = total * (cut + 1) / count;
                var fewLeft = cellsLeft == count - cut - 1;
                var nearerWithout = done > 0 && done + Cost(next, 1) / 2 > share;
                var close = cut < count - 1 && (fewLeft || nearerWithout);
                if (close)
                    cut++;
                cellsLeft--;
                done += Cost(next, 1);
                return close;
            }
        );

        double Cost(long count, long cells) => cost.WorkSeconds(count, 0) + (cost.WorkSeconds(0, cells) * stripesPerCell);
    }

    /// <summary>
    /// Jobs of at most <paramref name="maxElements"/> elements, cut on the borders of cells; a cell that alone holds more is one job.
    /// </summary>
    public static IReadOnlyList<ElementSet> ByElements(ElementSet elements, StripeGrid grid, long maxElements)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxElements, 1);
        return Cut(elements, grid, (held, next) => held + next > maxElements);
    }

    /// <summary>Up to <paramref name="pieces"/> jobs of about equal counts, cut anywhere: isolates a failure inside a stripe.</summary>
    public static IReadOnlyList<ElementSet> InsideStripes(ElementSet elements, int pieces) =>
        ByElements(elements, new StripeGrid(1), (elements.Count + pieces - 1) / Math.Max(1, pieces));

    /// <summary>
    /// Gathers whole cells. Before each cell <paramref name="closeBefore"/>, given the element counts of the open job and of the cell,
    /// decides whether the open job ends here. It is called for every cell, also when the open job is empty.
    /// </summary>
    private static List<ElementSet> Cut(ElementSet elements, StripeGrid grid, Func<long, long, bool> closeBefore)
    {
        var jobs = new List<ElementSet>();
        List<ElementRange> job = [],
            cell = [];
        long jobCount = 0,
            cellCount = 0,
            number = -1;
        foreach (var (of, range) in grid.Cells(elements))
        {
            if (of != number)
                TakeCell();
            number = of;
            cell.Add(range);
            cellCount += range.Count;
        }
        TakeCell();
        if (jobCount > 0)
            jobs.Add(ElementSet.From(job));
        return jobs;

        void TakeCell()
        {
            if (cellCount == 0)
                return;
            if (closeBefore(jobCount, cellCount) && jobCount > 0)
            {
                jobs.Add(ElementSet.From(job));
                job.Clear();
                jobCount = 0;
            }
            job.AddRange(cell);
            jobCount += cellCount;
            cell.Clear();
            cellCount = 0;
        }
    }
}
