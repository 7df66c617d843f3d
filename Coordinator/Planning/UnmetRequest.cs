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
        var stripe =
            $"jobs are cut between stripes of {CountText.Format(cutter.Grid.ElementsPerStripe, "element")}, so that none is "
            + "read twice";
        if (requested.Jobs is { } wanted && jobs.Count < wanted)
            yield return $"--jobs {wanted} gives {CountText.Format(jobs.Count, "job")}: {stripe}.";
        if (requested.ElementsPerJob is { } most && jobs.Max(job => job.Elements.Count) is var largest && largest > most)
            yield return $"--elements-per-job {most} gives jobs of up to {CountText.Format(largest, "element")}: {stripe}.";
        if (
            requested.TargetTime is { } target
            && jobs.Max(job => cutter.Cost.Time(job.Elements, cutter.Grid, cutter.Partition.Threads)) is var longest
            && longest > 2 * target
        )
            yield return $"--target-time {PlanReport.Text(target)} gives jobs of up to {PlanReport.Text(longest)}: "
                + $"{(jobs.Any(job => cutter.Grid.CountTouched(job.Elements) > 1) ? "the cluster accepts no more jobs" : stripe)}.";
    }
}
