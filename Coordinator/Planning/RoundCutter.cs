using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Planning;

/// <summary>Cuts elements into jobs as the run's stripes, costs and the user's wishes have it.</summary>
/// <param name="Grid">The stripes.</param>
/// <param name="Cost">What work costs.</param>
/// <param name="Partition">The user's wishes.</param>
internal sealed record RoundCutter(StripeGrid Grid, JobCost Cost, Partition Partition)
{
    /// <summary>Starting a worker and preparing its model.</summary>
    private static readonly TimeSpan WorkerStart = TimeSpan.FromSeconds(0.2);

    /// <summary>As the probe measured the run.</summary>
    public static RoundCutter Create(ProbeEstimates estimates, Partition partition) =>
        new(
            new(estimates.ElementsPerStripe),
            new()
            {
                Start = WorkerStart,
                SecondsPerElement = estimates.SecondsPerElement,
                SecondsPerStripe = 0, // a stripe's share is in the element's time
                BytesPerWorker = estimates.BaseBytes,
                BytesPerThread = estimates.BytesPerThread,
            },
            partition
        );

    /// <summary>Jobs as the user wants them.</summary>
    public IReadOnlyList<ElementSet> Cut(ElementSet elements) => RoundPlanner.Cut(elements, Grid, Cost, Partition);

    /// <summary>Up to so many about equal parts: on stripe borders where there are stripes enough, inside stripes otherwise.</summary>
    public IReadOnlyList<ElementSet> Split(ElementSet elements, long parts) =>
        Grid.CountTouched(elements) >= parts
            ? JobCutter.IntoJobs(elements, Grid, parts, Cost)
            : JobCutter.InsideStripes(elements, (int)Math.Min(parts, elements.Count));

    /// <summary>Memory of a worker that was given no other, in bytes.</summary>
    public long DefaultMemory(JobResources? resources) => Cost.Memory(resources?.Threads ?? Partition.Threads);
}
