using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Planning;

/// <summary>Explains why the jobs of a plan differ from the requested partition.</summary>
internal static class UnmetRequest
{
    /// <summary>One line if the request could not be met exactly; none if it was.</summary>
    /// <param name="requested">The requested partition.</param>
    /// <param name="jobs">The jobs.</param>
    /// <param name="cutter">How they were cut.</param>
    public static IEnumerable<string> Lines(Partition requested, IReadOnlyList<Job> jobs, RoundCutter cutter)
    {
        if (jobs.Count == 0)
            yield break;
        var why = RoundPlanner.MinElements(cutter.Grid, cutter.Cost, requested) is { } least
            ? jobs.All(job => job.Elements.Count == 1)
                ? "there are no more elements"
                : $"reading a stripe again takes as long as fitting {CountText.Format(least, "element")}, "
                    + "so a part of a stripe has at least that many"
            : $"jobs are cut between stripes of {CountText.Format(cutter.Grid.ElementsPerStripe, "element")}, "
                + (
                    cutter.Cost.SecondsPerStripe is null
                        ? "so that none is read twice"
                        : "because reading a stripe again would take longer than fitting its elements"
                );
        if (requested.Jobs is { } wanted && jobs.Count < wanted)
            yield return $"--jobs {wanted} gives {CountText.Format(jobs.Count, "job")}: {why}.";
        if (requested.ElementsPerJob is { } most && jobs.Max(job => job.Elements.Count) is var largest && largest > most)
            yield return $"--elements-per-job {most} gives jobs of up to {CountText.Format(largest, "element")}: {why}.";
        if (
            requested.TargetTime is { } target
            && jobs.Max(job => cutter.Cost.Time(job.Elements, cutter.Grid, cutter.Partition.Threads)) is var longest
            && longest > 2 * target
        )
            yield return $"--target-time {PlanReport.Text(target)} gives jobs of up to {PlanReport.Text(longest)}: "
                + $"{(jobs.Any(job => cutter.Grid.CountTouched(job.Elements) > 1) ? "the cluster accepts no more jobs" : why)}.";
    }
}
