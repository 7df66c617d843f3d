using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Planning;

/// <summary>Cuts elements into jobs, given the run's stripes, the costs and the requested partition.</summary>
/// <param name="Grid">The stripes.</param>
/// <param name="Cost">What work costs.</param>
/// <param name="Partition">The requested partition.</param>
internal sealed record RoundCutter(StripeGrid Grid, JobCost Cost, Partition Partition)
{
    /// <summary>Estimated time to start a worker and prepare its model.</summary>
    private static readonly TimeSpan WorkerStart = TimeSpan.FromSeconds(0.2);

    /// <summary>From what the probe measured.</summary>
    public static RoundCutter Create(ProbeEstimates estimates, Partition partition) =>
        new(
            new(estimates.ElementsPerStripe),
            new()
            {
                Start = WorkerStart,
                SecondsPerElement = estimates.FitSecondsPerElement ?? estimates.SecondsPerElement,
                SecondsPerStripe = estimates.FitSecondsPerElement is null ? null : estimates.SecondsPerStripe,
                BytesPerWorker = estimates.BaseBytes,
                BytesPerThread = estimates.BytesPerThread,
            },
            partition
        );

    /// <summary>
    /// For a stage of a run: that of the run itself, or of a further stage, whose units have costs of their own. The number of elements per
    /// job does not concern other units.
    /// </summary>
    /// <param name="stage">The stage.</param>
    /// <param name="ofRun">How the elements of the run are cut.</param>
    public static RoundCutter OfStage(RunDocument stage, RoundCutter ofRun) =>
        stage.Stage is null ? ofRun : Create(stage.Estimates, ofRun.Partition with { ElementsPerJob = null });

    /// <summary>Jobs of the requested partition.</summary>
    public IReadOnlyList<ElementSet> Cut(ElementSet elements) => RoundPlanner.Cut(elements, Grid, Cost, Partition);

    /// <summary>
    /// At most <paramref name="parts"/> parts of about equal cost, cut on stripe borders if there are enough stripes, inside stripes
    /// otherwise.
    /// </summary>
    public IReadOnlyList<ElementSet> Split(ElementSet elements, long parts) =>
        Grid.CountTouched(elements) >= parts
            ? JobCutter.IntoJobs(elements, Grid, parts, Cost)
            : JobCutter.InsideStripes(elements, (int)Math.Min(parts, elements.Count));

    /// <summary>Memory of a worker for which none was requested, in bytes.</summary>
    public long DefaultMemory(JobResources? resources) => Cost.Memory(resources?.Threads ?? Partition.Threads);
}
