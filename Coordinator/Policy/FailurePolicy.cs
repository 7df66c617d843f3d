using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>
/// The failure policy of <c>run</c>, <c>resume</c> and <c>advance</c>: decides from coverage and job outcomes what to do next. It is pure:
/// the same history always gives the same decision.
/// </summary>
/// <remarks>
/// It terminates: a round either gains an element, of which there are finitely many, or counts against
/// <see cref="AdvanceLimits.MaxRounds"/>. No element is lost or duplicated: the jobs of a round are disjoint and hold exactly the missing
/// elements that are not given up.
/// </remarks>
internal static class FailurePolicy
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    /// <summary>What to do next.</summary>
    public static AdvanceDecision Decide(RunHistory history, AdvanceLimits limits, RoundCutter cutter)
    {
        if (history.Missing.IsEmpty)
            return new MergeNow();
        if (history.Series.Count == 0)
            return Begin(history, cutter);
        if (Open(history) is { } open)
            return open;

        var (fragments, unheld) = Fragment.From(history.Missing, history.Series);
        if (EndedWith(fragments, JobOutcomeKind.Refused) is { Count: > 0 } refused)
            return new StopRun(StopReason.Refused, refused);
        if (EndedWith(fragments, JobOutcomeKind.DataError) is { Count: > 0 } damaged)
            return new StopRun(StopReason.DataError, damaged);

        var policy = new FragmentPolicy(limits, cutter);
        var decisions = fragments
            .Select(fragment => (Fragment: fragment, Decision: policy.Decide(fragment, Attempts(fragment, history.Series))))
            .ToList();
        if (unheld.IsEmpty && decisions.All(pair => pair.Decision.IsGivenUp))
            return new StopRun(StopReason.RetriesUsedUp, fragments);
        if (EveryJobCrashed(history.Series[^1]))
            return new StopRun(StopReason.EveryJobDied, fragments);
        if (history.FruitlessRounds >= limits.MaxRounds)
            return new StopRun(StopReason.NoProgress, fragments);

        var jobs = decisions
            .SelectMany(pair => pair.Decision.Jobs.Select(part => (part, pair.Decision.Resources)))
            .Concat(cutter.Cut(unheld).Select(part => (part, (JobResources?)null)));
        return new StartRound(Number(jobs), IsRetry: true, Pause(history), Reasons(decisions));
    }

    /// <summary>
    /// What a user requests with <c>plan</c>, <c>run</c>, <c>submit</c> or <c>resume</c>: a round over all missing elements, cut as
    /// requested, with the memory that earlier rounds turned out to need. If jobs are still open, it waits for them.
    /// </summary>
    public static AdvanceDecision Begin(RunHistory history, RoundCutter cutter)
    {
        if (history.Missing.IsEmpty)
            return new MergeNow();
        if (Open(history) is { } open)
            return open;
        var (fragments, unheld) = Fragment.From(history.Missing, history.Rounds);
        var groups = fragments
            .GroupBy(fragment => fragment.Job.Resources, fragment => fragment.Left)
            .Select(group => (Elements: ElementSet.From(group.SelectMany(left => left)), Resources: group.Key))
            .Append((Elements: unheld, Resources: null))
            .GroupBy(pair => pair.Resources)
            .Select(group => (Elements: ElementSet.From(group.SelectMany(pair => pair.Elements)), Resources: group.Key));
        return new StartRound(
            Number(groups.SelectMany(group => cutter.Cut(group.Elements).Select(part => (part, group.Resources)))),
            IsRetry: false,
            TimeSpan.Zero,
            []
        );
    }

    private static WaitForJobs? Open(RunHistory history)
    {
        var open = history.Rounds is [.., var last] ? last.Outcome.Jobs.Where(job => job.IsOpen()).ToList() : [];
        return open.Count == 0
            ? null
            : new(open.Count(job => job.Ending == JobOutcomeKind.Waiting), open.Count(job => job.Ending == JobOutcomeKind.Running));
    }

    private static List<Job> Number(IEnumerable<(ElementSet Elements, JobResources? Resources)> parts) =>
        [.. parts.OrderBy(part => part.Elements[0].First).Select((part, number) => new Job(new(number), part.Elements, part.Resources))];

    private static List<Fragment> EndedWith(IEnumerable<Fragment> fragments, JobOutcomeKind ending) =>
        [.. fragments.Where(fragment => fragment.Outcome.Ending == ending)];

    private static List<(Job Job, JobOutcome Outcome)> Attempts(Fragment fragment, IReadOnlyList<RoundResult> series) =>
        [
            .. series
                .TakeWhile(round => round.Round.Id.Value <= fragment.Round.Round.Id.Value)
                .Select(round => round.Holder(fragment.Left[0].First))
                .OfType<(Job, JobOutcome)>(),
        ];

    private static bool EveryJobCrashed(RoundResult round) =>
        round.Gain <= 0
        && round.Outcome.Jobs.Count > 1
        && round.Outcome.Jobs.All(job => job.Ending is JobOutcomeKind.Crashed or JobOutcomeKind.FileSystem);

    /// <summary>Exponential back-off while the data file is being written, or the file system reports errors.</summary>
    private static TimeSpan Pause(RunHistory history)
    {
        var busy = history
            .Series.Reverse()
            .TakeWhile(round =>
                round.Outcome.Jobs.Any(job => job.Ending is JobOutcomeKind.Busy or JobOutcomeKind.FileSystem && job.Left > 0)
            )
            .Count();
        return busy == 0 ? TimeSpan.Zero : FirstPause * Math.Pow(2, Math.Min(busy - 1, 6));
    }

    private static List<string> Reasons(IEnumerable<(Fragment Fragment, FragmentPolicy.Decision Decision)> decisions) =>
        [
            .. decisions
                .GroupBy(pair => (pair.Fragment.Outcome.Ending, pair.Decision.Remedy))
                .Select(group => $"{group.Count()} of {group.Key.Ending.DisplayName()}: {group.Key.Remedy}"),
        ];
}
