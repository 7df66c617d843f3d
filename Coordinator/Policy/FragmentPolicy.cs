using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>
/// How one failed job is handled, by cause. The jobs of every decision hold exactly the fragment's elements, or none when the fragment is
/// given up.
/// </summary>
/// <param name="limits">Limits on retries and resources.</param>
/// <param name="cutter">Cuts jobs.</param>
internal sealed class FragmentPolicy(AdvanceLimits limits, RoundCutter cutter)
{
    /// <summary>Parts into which a crashed job is cut to isolate the elements that cause it: few rounds, and most parts succeed.</summary>
    private const int SearchParts = 8;

    /// <summary>Parts into which a job is cut that gained nothing within its wall time.</summary>
    private const int SlowParts = 4;

    /// <summary>The fraction of a wall time that the next jobs should use.</summary>
    private const double TimeMargin = 0.8;

    /// <summary>What follows a failed job.</summary>
    /// <param name="Jobs">The next jobs; none when it is given up.</param>
    /// <param name="Resources">Their resources.</param>
    /// <param name="Remedy">Description of the remedy, for the log.</param>
    internal readonly record struct Decision(IReadOnlyList<ElementSet> Jobs, JobResources? Resources, string Remedy)
    {
        /// <summary>Whether nothing more is tried.</summary>
        public bool IsGivenUp => Jobs.Count == 0;
    }

    /// <summary>Decides how to handle a fragment.</summary>
    /// <param name="fragment">The fragment.</param>
    /// <param name="attempts">Outcomes of the jobs that held its first element, in the rounds that count as retries; the fragment's own job
    /// is the last.</param>
    public Decision Decide(Fragment fragment, IReadOnlyList<(Job Job, JobOutcome Outcome)> attempts)
    {
        if (limits.Retries == 0)
            return GiveUp;
        return fragment.Outcome.Ending switch
        {
            JobOutcomeKind.NodeFailure
            or JobOutcomeKind.Preempted
            or JobOutcomeKind.Cancelled
            or JobOutcomeKind.NeverStarted
            or JobOutcomeKind.Busy => Retry(fragment),
            JobOutcomeKind.Crashed => Search(fragment),
            JobOutcomeKind.OutOfMemory => MoreMemory(fragment),
            JobOutcomeKind.TimeLimit => FitIntoTime(fragment),
            _ when CountFruitless(attempts) > limits.Retries => GiveUp,
            JobOutcomeKind.Killed when attempts.Count(one => one.Outcome.Ending == JobOutcomeKind.Killed) > 1 => MoreMemory(fragment),
            _ => Retry(fragment),
        };
    }

    private static Decision GiveUp => new([], null, "given up");

    private static Decision Retry(Fragment fragment) => new([fragment.Left], fragment.Job.Resources, "retried unchanged");

    /// <summary>Jobs that gained nothing and failed by themselves, not through the scheduler, a user or another process.</summary>
    private static int CountFruitless(IReadOnlyList<(Job Job, JobOutcome Outcome)> attempts) =>
        attempts.Count(one =>
            one.Outcome.Left >= one.Job.Elements.Count
            && one.Outcome.Ending
                is JobOutcomeKind.Killed
                    or JobOutcomeKind.OutOfMemory
                    or JobOutcomeKind.TimeLimit
                    or JobOutcomeKind.FileSystem
                    or JobOutcomeKind.Finished
        );

    /// <summary>
    /// Cuts a job that crashes on its data until the elements that crash it are isolated; those are given up, the others are fitted.
    /// </summary>
    private Decision Search(Fragment fragment) =>
        fragment.Job.Elements.Count == 1
            ? GiveUp
            : new(
                cutter.Split(fragment.Left, SearchParts),
                fragment.Job.Resources,
                $"cut into up to {SearchParts} parts to isolate the elements that crash it"
            );

    /// <summary>Twice the memory up to the maximum; then fewer threads, then fewer elements per job.</summary>
    private Decision MoreMemory(Fragment fragment)
    {
        var previous = fragment.Job.Resources ?? new();
        var memory = Math.Max(
            previous.MemoryBytes ?? cutter.DefaultMemory(previous),
            Math.Min(fragment.Outcome.PeakBytes ?? 0, limits.MaxMemoryBytes / 2)
        );
        if (memory < limits.MaxMemoryBytes)
        {
            var more = memory > limits.MaxMemoryBytes / 2 ? limits.MaxMemoryBytes : memory * 2;
            return new([fragment.Left], previous with { MemoryBytes = more }, $"retried with {more / 1e6:N0} MB");
        }
        var threads = previous.Threads ?? cutter.Partition.Threads;
        if (threads > 1)
            return new(
                [fragment.Left],
                previous with
                {
                    Threads = threads / 2,
                    MemoryBytes = limits.MaxMemoryBytes,
                },
                $"retried with {threads / 2} threads"
            );
        return Search(fragment);
    }

    /// <summary>Estimates from what was finished within the wall time how much of the rest fits into it.</summary>
    private Decision FitIntoTime(Fragment fragment)
    {
        if (fragment.Gained > 0)
        {
            var parts = (long)Math.Ceiling(fragment.Left.Count / (TimeMargin * fragment.Gained));
            return new(cutter.Split(fragment.Left, parts), fragment.Job.Resources, "the rest is cut to fit into the wall time");
        }
        var previous = fragment.Job.Resources ?? new();
        var longer = previous.Time is { } time && !(time >= limits.MaxTime) ? Shorter(limits.MaxTime, time * 2) : previous.Time;
        if (fragment.Left.Count == 1 && longer == previous.Time)
            return GiveUp;
        return new(
            cutter.Split(fragment.Left, SlowParts),
            previous with
            {
                Time = longer,
            },
            "cut into smaller jobs, with more wall time if the limit allows it"
        );
    }

    private static TimeSpan Shorter(TimeSpan? limit, TimeSpan requested) => limit < requested ? limit.Value : requested;
}
