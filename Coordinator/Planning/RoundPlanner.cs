using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Planning;

/// <summary>Cuts a run's missing elements into the jobs of a round.</summary>
internal static class RoundPlanner
{
    /// <summary>Default number of jobs per worker: enough to balance jobs of unequal length, few enough that starts cost little.</summary>
    private const int JobsPerWorker = 4;

    /// <summary>A default job works at least this many times as long as it takes to start, unless a worker would be idle.</summary>
    private const double WorkPerStart = 20;

    /// <summary>Parts of a job that are not cut further, unless they are whole stripes: enough that jobs take about equally long.</summary>
    private const int CellsPerJob = 4;

    /// <summary>
    /// A default job cuts a stripe only where fitting its part takes this many times as long as reading the stripe again. Jobs that the
    /// user requested need not be that long.
    /// </summary>
    private const double FitsPerReading = 4;

    /// <summary>
    /// The jobs over <paramref name="missing"/>: disjoint, ascending, covering exactly these elements, cut on stripe borders, or inside
    /// stripes where fitting takes longer than reading the stripe again.
    /// </summary>
    public static IReadOnlyList<ElementSet> Cut(ElementSet missing, StripeGrid grid, JobCost cost, Partition partition)
    {
        if (missing.IsEmpty)
            return [];
        if (partition.ElementsPerJob is { } most)
            return JobCutter.ByElements(missing, most < grid.ElementsPerStripe ? Divided(grid, cost, partition, most) : grid, most);
        var jobs = partition.Jobs ?? CountJobs(missing, grid, cost, partition);
        var hasEnoughStripes = grid.CountTouched(missing) >= CellsPerJob * jobs;
        var cells = hasEnoughStripes ? grid : Divided(grid, cost, partition, missing.Count / (CellsPerJob * jobs));
        return JobCutter.IntoJobs(missing, cells, jobs, cost);
    }

    /// <summary>The fewest elements of a stripe that a job may have; null: jobs have whole stripes.</summary>
    public static long? MinElements(StripeGrid grid, JobCost cost, Partition partition) =>
        cost.ElementsWorthReading(partition.IsDefault ? FitsPerReading : 1) is { } least && least < grid.ElementsPerStripe ? least : null;

    /// <summary>Cells of about so many elements, if that is worth it.</summary>
    private static StripeGrid Divided(StripeGrid grid, JobCost cost, Partition partition, long elements) =>
        MinElements(grid, cost, partition) is { } least ? grid.Divided(Math.Max(least, elements)) : grid;

    private static long CountJobs(ElementSet missing, StripeGrid grid, JobCost cost, Partition partition)
    {
        var stripes = grid.CountTouched(missing);
        var work = cost.WorkSeconds(missing.Count, stripes) / partition.Threads;
        var start = Math.Max(cost.Start.TotalSeconds, 1e-3);
        if (partition.TargetTime is { } target)
            return (long)Math.Max(1, Math.Ceiling(work / Math.Max(target.TotalSeconds - start, target.TotalSeconds / 10)));
        var jobs = (long)Math.Clamp(work / (WorkPerStart * start), partition.Workers, JobsPerWorker * partition.Workers);
        // A part of a stripe becomes a job of its own only if it takes longer than the start of the process that fits it.
        return jobs <= stripes ? jobs : (long)Math.Clamp(work / start, stripes, jobs);
    }
}
