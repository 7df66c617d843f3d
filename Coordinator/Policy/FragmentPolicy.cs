using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>
/// What is done about one failed job: the rules, cause by cause. Whatever they answer holds exactly the fragment's elements, or nothing
/// when the fragment is given up.
/// </summary>
/// <param name="limits">How far to go.</param>
/// <param name="cutter">Cuts jobs.</param>
internal sealed class FragmentPolicy(AdvanceLimits limits, RoundCutter cutter)
{
    /// <summary>Parts into which a job is cut to find the elements that kill it: few rounds, and most parts succeed.</summary>
    private const int SearchParts = 8;

    /// <summary>Parts of a job that gained nothing in its wall time.</summary>
    private const int SlowParts = 4;

    /// <summary>The part of a wall time that the next jobs are meant to use.</summary>
    private const double TimeMargin = 0.8;

    /// <summary>How a job that held elements goes on.</summary>
    /// <param name="Jobs">The next jobs; none when it is given up.</param>
    /// <param name="Resources">What they may use.</param>
    /// <param name="Remedy">What is done, in words.</param>
    internal readonly record struct Answer(IReadOnlyList<ElementSet> Jobs, JobResources? Resources, string Remedy)
    {
        /// <summary>Whether nothing more is tried.</summary>
        public bool IsGivenUp => Jobs.Count == 0;
    }

    /// <summary>What to do with a fragment.</summary>
    /// <param name="fragment">The fragment.</param>
    /// <param name="past">How the jobs ended that held its first element, in the rounds that count; the fragment's own is the last.</param>
    public Answer Decide(Fragment fragment, IReadOnlyList<(Job Job, JobOutcome Outcome)> past)
    {
        if (limits.Retries == 0)
            return GiveUp;
        return fragment.Outcome.Ending switch
        {
            JobOutcomeKind.NodeFailure
            or JobOutcomeKind.Preempted
            or JobOutcomeKind.Cancelled
            or JobOutcomeKind.NeverStarted
            or JobOutcomeKind.Busy => Again(fragment),
            JobOutcomeKind.Crashed => Search(fragment),
            JobOutcomeKind.OutOfMemory => MoreMemory(fragment),
            JobOutcomeKind.TimeLimit => FitIntoTime(fragment),
            _ when Strikes(past) > limits.Retries => GiveUp,
            JobOutcomeKind.Killed when past.Count(one => one.Outcome.Ending == JobOutcomeKind.Killed) > 1 => MoreMemory(fragment),
            _ => Again(fragment),
        };
    }

    private static Answer GiveUp => new([], null, "given up");

    private static Answer Again(Fragment fragment) => new([fragment.Left], fragment.Job.Resources, "tried again as it was");

    /// <summary>Ends of jobs that gained nothing, through nobody else's fault.</summary>
    private static int Strikes(IReadOnlyList<(Job Job, JobOutcome Outcome)> past) =>
        past.Count(one =>
            one.Outcome.Left >= one.Job.Elements.Count
            && one.Outcome.Ending
                is JobOutcomeKind.Killed
                    or JobOutcomeKind.OutOfMemory
                    or JobOutcomeKind.TimeLimit
                    or JobOutcomeKind.FileSystem
                    or JobOutcomeKind.Finished
        );

    /// <summary>
    /// A job that dies of its data is cut until the elements that kill it stand alone; those are given up, the others are fitted.
    /// </summary>
    private Answer Search(Fragment fragment) =>
        fragment.Job.Elements.Count == 1
            ? GiveUp
            : new(
                cutter.Split(fragment.Left, SearchParts),
                fragment.Job.Resources,
                $"cut into up to {SearchParts} parts to find the elements that it dies of"
            );

    /// <summary>Twice the memory up to the most there is; then fewer threads, then fewer elements at a time.</summary>
    private Answer MoreMemory(Fragment fragment)
    {
        var had = fragment.Job.Resources ?? new();
        var memory = Math.Max(
            had.MemoryBytes ?? cutter.DefaultMemory(had),
            Math.Min(fragment.Outcome.PeakBytes ?? 0, limits.MaxMemoryBytes / 2)
        );
        if (memory < limits.MaxMemoryBytes)
        {
            var more = memory > limits.MaxMemoryBytes / 2 ? limits.MaxMemoryBytes : memory * 2;
            return new([fragment.Left], had with { MemoryBytes = more }, $"tried again with {more / 1e6:N0} MB");
        }
        var threads = had.Threads ?? cutter.Partition.Threads;
        if (threads > 1)
            return new(
                [fragment.Left],
                had with
                {
                    Threads = threads / 2,
                    MemoryBytes = limits.MaxMemoryBytes,
                },
                $"tried again with {threads / 2} threads"
            );
        return Search(fragment);
    }

    /// <summary>What was finished in the wall time tells how much of the rest fits into it.</summary>
    private Answer FitIntoTime(Fragment fragment)
    {
        if (fragment.Gained > 0)
        {
            var parts = (long)Math.Ceiling(fragment.Left.Count / (TimeMargin * fragment.Gained));
            return new(cutter.Split(fragment.Left, parts), fragment.Job.Resources, "the rest is cut so that it fits into the wall time");
        }
        var had = fragment.Job.Resources ?? new();
        var longer = had.Time is { } time && !(time >= limits.MaxTime) ? Shorter(limits.MaxTime, time * 2) : had.Time;
        if (fragment.Left.Count == 1 && longer == had.Time)
            return GiveUp;
        return new(
            cutter.Split(fragment.Left, SlowParts),
            had with
            {
                Time = longer,
            },
            "cut into smaller jobs, with more wall time where there is more"
        );
    }

    private static TimeSpan Shorter(TimeSpan? most, TimeSpan wanted) => most < wanted ? most.Value : wanted;
}
