using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>
/// The one policy of <c>run</c>, <c>resume</c> and <c>advance</c>: from what is covered and how jobs ended, what to do next. Pure, so the
/// same history gives the same decision wherever and whenever it is taken.
/// </summary>
/// <remarks>
/// It always ends: a round either gains an element, of which there are finitely many, or counts against
/// <see cref="AdvanceLimits.MaxRounds"/>. It loses and duplicates nothing: the jobs of a round are disjoint and hold exactly the lacking
/// elements that are not given up.
/// </remarks>
internal static class FailurePolicy
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    /// <summary>What to do next.</summary>
    public static AdvanceDecision Decide(RunHistory history, AdvanceLimits limits, RoundCutter cutter)
    {
        if (history.Lacking.IsEmpty)
            return new MergeNow();
        if (history.Series.Count == 0)
            return Begin(history, cutter);
        if (Open(history) is { } open)
            return open;

        var (fragments, unheld) = Fragment.From(history.Lacking, history.Series);
        if (Stuck(fragments, JobOutcomeKind.Refused) is { Count: > 0 } refused)
            return new StopRun(StopReason.Refused, refused);
        if (Stuck(fragments, JobOutcomeKind.DataError) is { Count: > 0 } damaged)
            return new StopRun(StopReason.DataError, damaged);

        var policy = new FragmentPolicy(limits, cutter);
        var answers = fragments
            .Select(fragment => (Fragment: fragment, Answer: policy.Decide(fragment, Past(fragment, history.Series))))
            .ToList();
        if (unheld.IsEmpty && answers.All(pair => pair.Answer.IsGivenUp))
            return new StopRun(StopReason.RetriesUsedUp, fragments);
        if (EveryJobDied(history.Series[^1]))
            return new StopRun(StopReason.EveryJobDied, fragments);
        if (history.FruitlessRounds >= limits.MaxRounds)
            return new StopRun(StopReason.NoProgress, fragments);

        var jobs = answers
            .SelectMany(pair => pair.Answer.Jobs.Select(part => (part, pair.Answer.Resources)))
            .Concat(cutter.Cut(unheld).Select(part => (part, (JobResources?)null)));
        return new StartRound(Number(jobs), IsRetry: true, Pause(history), Reasons(answers));
    }

    /// <summary>
    /// What a user requests with <c>plan</c>, <c>run</c>, <c>submit</c> or <c>resume</c>: a round over all that is lacking, cut as wished,
    /// with the memory that earlier rounds were found to need. Jobs that are still open are waited for.
    /// </summary>
    public static AdvanceDecision Begin(RunHistory history, RoundCutter cutter)
    {
        if (history.Lacking.IsEmpty)
            return new MergeNow();
        if (Open(history) is { } open)
            return open;
        var (fragments, unheld) = Fragment.From(history.Lacking, history.Rounds);
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

    private static List<Fragment> Stuck(IEnumerable<Fragment> fragments, JobOutcomeKind ending) =>
        [.. fragments.Where(fragment => fragment.Outcome.Ending == ending)];

    private static List<(Job Job, JobOutcome Outcome)> Past(Fragment fragment, IReadOnlyList<RoundResult> series) =>
        [
            .. series
                .TakeWhile(round => round.Round.Id.Value <= fragment.Round.Round.Id.Value)
                .Select(round => round.Holder(fragment.Left[0].First))
                .OfType<(Job, JobOutcome)>(),
        ];

    private static bool EveryJobDied(RoundResult round) =>
        round.Gain <= 0
        && round.Outcome.Jobs.Count > 1
        && round.Outcome.Jobs.All(job => job.Ending is JobOutcomeKind.Crashed or JobOutcomeKind.FileSystem);

    /// <summary>A file that somebody writes, or a file system that refuses, is asked again later, and later still.</summary>
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

    private static List<string> Reasons(IEnumerable<(Fragment Fragment, FragmentPolicy.Answer Answer)> answers) =>
        [
            .. answers
                .GroupBy(pair => (pair.Fragment.Outcome.Ending, pair.Answer.Remedy))
                .Select(group => $"{group.Count()} of {group.Key.Ending.InWords()}: {group.Key.Remedy}"),
        ];
}
