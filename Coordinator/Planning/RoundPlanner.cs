using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Planning;

/// <summary>Cuts a run's missing elements into the jobs of a round.</summary>
internal static class RoundPlanner
{
    /// <summary>Default number of jobs per worker: enough to balance jobs of unequal length, few enough that starts cost little.</summary>
    private const int JobsPerWorker = 4;

    /// <summary>A default job works at least this many times as long as it takes to start, unless a worker would be idle.</summary>
    private const double WorkPerStart = 20;

    /// <summary>
    /// The jobs over <paramref name="missing"/>: disjoint, ascending, covering exactly these elements, cut on stripe borders.
    /// </summary>
    public static IReadOnlyList<ElementSet> Cut(ElementSet missing, StripeGrid grid, JobCost cost, Partition partition)
    {
        if (missing.IsEmpty)
            return [];
        if (partition.ElementsPerJob is { } most)
            return JobCutter.ByElements(missing, grid, most);
        return JobCutter.IntoJobs(missing, grid, partition.Jobs ?? CountJobs(missing, grid, cost, partition), cost);
    }

    private static long CountJobs(ElementSet missing, StripeGrid grid, JobCost cost, Partition partition)
    {
        var work = cost.WorkSeconds(missing.Count, grid.CountTouched(missing)) / partition.Threads;
        var start = cost.Start.TotalSeconds;
        if (partition.TargetTime is { } target)
            return (long)Math.Max(1, Math.Ceiling(work / Math.Max(target.TotalSeconds - start, target.TotalSeconds / 10)));
        return (long)Math.Clamp(work / (WorkPerStart * Math.Max(start, 1e-3)), partition.Workers, JobsPerWorker * partition.Workers);
    }
}
