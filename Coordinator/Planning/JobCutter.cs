using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Planning;

/// <summary>
/// Cuts a set of elements into jobs. The jobs are disjoint, ascending, and hold exactly the elements given. The time is
/// linear in stripes and ranges, whatever the number of jobs.
/// </summary>
internal static class JobCutter
{
    /// <summary>
    /// Exactly <paramref name="jobs"/> jobs of about equal cost, cut on stripe borders; one per stripe when there are fewer stripes than
    /// that.
    /// </summary>
    public static IReadOnlyList<ElementSet> IntoJobs(ElementSet elements, StripeGrid grid, long jobs, JobCost cost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(jobs, 1);
        var stripesLeft = grid.CountTouched(elements);
        var count = Math.Min(jobs, stripesLeft);
        var total = cost.WorkSeconds(elements.Count, stripesLeft);
        var (cut, done) = (0L, 0.0);
        return Cut(
            elements,
            grid,
            (_, next) =>
            {
                var share = total * (cut + 1) / count;
                var fewLeft = stripesLeft == count - cut - 1;
                var nearerWithout = done > 0 && done + cost.WorkSeconds(next, 1) / 2 > share;
                var close = cut < count - 1 && (fewLeft || nearerWithout);
                if (close)
                    cut++;
                stripesLeft--;
                done += cost.WorkSeconds(next, 1);
                return close;
            }
        );
    }

    /// <summary>
    /// Jobs of at most <paramref name="maxElements"/> elements, cut on stripe borders; a stripe that alone holds more is one job.
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
    /// Gathers whole stripes. Before each stripe <paramref name="closeBefore"/>, given the element counts of the open job and of the
    /// stripe, decides whether the open job ends here. It is called for every stripe, also when the open job is empty.
    /// </summary>
    private static List<ElementSet> Cut(ElementSet elements, StripeGrid grid, Func<long, long, bool> closeBefore)
    {
        var jobs = new List<ElementSet>();
        List<ElementRange> job = [],
            stripe = [];
        long jobCount = 0,
            stripeCount = 0,
            number = -1;
        foreach (var (cell, range) in grid.Cells(elements))
        {
            if (cell != number)
                TakeStripe();
            number = cell;
            stripe.Add(range);
            stripeCount += range.Count;
        }
        TakeStripe();
        if (jobCount > 0)
            jobs.Add(ElementSet.From(job));
        return jobs;

        void TakeStripe()
        {
            if (stripeCount == 0)
                return;
            if (closeBefore(jobCount, stripeCount) && jobCount > 0)
            {
                jobs.Add(ElementSet.From(job));
                job.Clear();
                jobCount = 0;
            }
            job.AddRange(stripe);
            jobCount += stripeCount;
            stripe.Clear();
            stripeCount = 0;
        }
    }
}
