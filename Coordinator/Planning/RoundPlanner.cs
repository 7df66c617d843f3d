using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Planning;

/// <summary>Turns what a run lacks into the jobs of a round.</summary>
internal static class RoundPlanner
{
    /// <summary>Jobs for each worker by default: enough to even out jobs of unequal length, few enough that starts cost little.</summary>
    private const int JobsPerWorker = 4;

    /// <summary>A default job works at least this many times as long as it takes to start, unless a worker would stand idle.</summary>
    private const double WorkPerStart = 20;

    /// <summary>
    /// The jobs over <paramref name="lacking"/>: disjoint, ascending, together exactly what is lacking, cut on stripe borders.
    /// </summary>
    public static IReadOnlyList<ElementSet> Cut(ElementSet lacking, StripeGrid grid, JobCost cost, Partition partition)
    {
        if (lacking.IsEmpty)
            return [];
        if (partition.ElementsPerJob is { } most)
            return JobCutter.ByElements(lacking, grid, most);
        return JobCutter.IntoJobs(lacking, grid, partition.Jobs ?? CountJobs(lacking, grid, cost, partition), cost);
    }

    private static long CountJobs(ElementSet lacking, StripeGrid grid, JobCost cost, Partition partition)
    {
        var work = cost.WorkSeconds(lacking.Count, grid.CountTouched(lacking)) / partition.Threads;
        var start = cost.Start.TotalSeconds;
        if (partition.TargetTime is { } target)
            return (long)Math.Max(1, Math.Ceiling(work / Math.Max(target.TotalSeconds - start, target.TotalSeconds / 10)));
        return (long)Math.Clamp(work / (WorkPerStart * Math.Max(start, 1e-3)), partition.Workers, JobsPerWorker * partition.Workers);
    }
}
