using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Planning;

/// <summary>Why the jobs of a plan are not those that the user asked for.</summary>
internal static class UnmetRequest
{
    /// <summary>One line for a wish that could not be met; none where it was.</summary>
    /// <param name="wishes">What was asked for.</param>
    /// <param name="jobs">The jobs.</param>
    /// <param name="cutter">How they were cut.</param>
    public static IEnumerable<string> Lines(Partition wishes, IReadOnlyList<Job> jobs, RoundCutter cutter)
    {
        if (jobs.Count == 0)
            yield break;
        var stripe =
            $"jobs are cut between stripes, of {CountText.Format(cutter.Grid.ElementsPerStripe, "element")} each, so that none is "
            + "read twice";
        if (wishes.Jobs is { } wanted && jobs.Count < wanted)
            yield return $"--jobs {wanted} gives {CountText.Format(jobs.Count, "job")}: {stripe}.";
        if (wishes.ElementsPerJob is { } most && jobs.Max(job => job.Elements.Count) is var largest && largest > most)
            yield return $"--elements-per-job {most} gives jobs of up to {CountText.Format(largest, "element")}: {stripe}.";
        if (
            wishes.TargetTime is { } target
            && jobs.Max(job => cutter.Cost.Time(job.Elements, cutter.Grid, cutter.Partition.Threads)) is var longest
            && longest > 2 * target
        )
            yield return $"--target-time {PlanReport.Text(target)} gives jobs of up to {PlanReport.Text(longest)}: "
                + $"{(jobs.Any(job => cutter.Grid.CountTouched(job.Elements) > 1) ? "the cluster takes no more jobs" : stripe)}.";
    }
}
