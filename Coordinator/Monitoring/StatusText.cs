using HpcFit.Coordinator.Monitoring.Progress;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Monitoring;

/// <summary>A run's status as text.</summary>
internal static class StatusText
{
    private const int MaxJobs = 16;

    /// <summary>The lines of the report.</summary>
    public static IEnumerable<string> Lines(RunStatus status)
    {
        yield return $"run        {status.Digest[..12]} in {status.Folder}";
        if (status.Members is { } models)
            yield return $"batch      {CountText.Format(models.Count, "model")}, fitted in one pass";
        else
            yield return $"model      {status.Model}  {status.Formula}".TrimEnd();
        yield return $"state      {Word(status.State)}: "
            + Done(status.Covered, status.Elements, "element", status.ElementsPerSecond, status.SecondsLeft);
        if (status.Cause is { } cause)
            yield return $"cause      {cause}";
        foreach (var holder in status.Holders)
            yield return $"held by    {holder}";
        if (status.Target is { } target)
            yield return $"results    /results/{target.Analysis} in "
                + $"{target.OutputFile ?? "the data file"}{(status.IsWritten ? ", written" : "")}";
        foreach (var member in status.Members ?? [])
            yield return $"model      {member.Model}  {member.Formula} -> {Results(member)}";
        foreach (var line in Shuffles(status).Distinct())
            yield return line;
        foreach (var warning in (status.Members?.SelectMany(member => member.Warnings ?? []) ?? status.Warnings ?? []).Distinct())
            yield return $"warning    {warning}";
        foreach (var round in status.Rounds)
        {
            foreach (var line in Lines(round))
                yield return line;
        }
        foreach (var stage in status.Stages ?? [])
        {
            yield return Line(stage);
            foreach (var line in stage.Rounds.SelectMany(Lines))
                yield return line;
        }
        if (Advice(status) is { } advice)
            yield return advice;
    }

    private static IEnumerable<string> Shuffles(RunStatus status) =>
        (status.Members?.Select(member => member.Permutation) ?? [status.Permutation])
            .OfType<PermutationLayout>()
            .SelectMany(PermutationReport.Lines);

    private static string Line(StageStatus stage) =>
        $"stage      {stage.Name}: {Word(stage.State)}: "
        + Done(stage.Covered, stage.Units, RunStage.NameOfUnit(stage.Axis), stage.UnitsPerSecond, stage.SecondsLeft);

    private static string Done(long covered, long units, string unit, double perSecond, double? secondsLeft) =>
        $"{covered:N0} of {CountText.Format(units, unit)} ({Percent(covered, units)})"
        + (perSecond > 0 ? $", {ProgressEstimate.Rate(perSecond)}" : "")
        + (secondsLeft is { } seconds ? $", about {PlanReport.Text(TimeSpan.FromSeconds(Math.Min(seconds, 1e9)))} left" : "");

    private static string Results(MemberStatus member) =>
        member.Target is { } target
            ? $"/results/{target.Analysis}{(target.OutputFile is { } file ? $" in {file}" : "")}{(member.IsWritten ? ", written" : "")}"
            : "no target recorded";

    private static IEnumerable<string> Lines(RoundStatus round)
    {
        var counts = round
            .Jobs.CountBy(job => job.State)
            .OrderBy(pair => pair.Key)
            .Select(pair => $"{pair.Value:N0} {pair.Key.DisplayName()}");
        yield return $"round {round.Round} ({round.Launcher}{(round.IsRetry ? ", after failures" : "")}): "
            + $"{CountText.Format(round.Jobs.Count, "job")}: {string.Join(", ", counts)}";
        var shown = round
            .Jobs.Where(job => job.State != JobOutcomeKind.Finished || job.Left > 0)
            .Where(job => job.State != JobOutcomeKind.Waiting || job.Detail.Length > 0)
            .ToList();
        foreach (var job in shown.OrderBy(job => job.State == JobOutcomeKind.Running ? 0 : 1).Take(MaxJobs))
            yield return Line(job);
        if (shown.Count > MaxJobs)
            yield return $"  … and {shown.Count - MaxJobs:N0} more (all with --json)";
    }

    private static string Line(JobStatus job) =>
        $"  job {job.Job, -5} {job.State.DisplayName(), -13} {job.Elements - job.Left:N0} of {job.Elements:N0}"
        + (
            job.Attempt is { } attempt
                ? $", {ProgressEstimate.Rate(attempt.ElementsPerSecond)}, {attempt.ResidentBytes / 1e6:N0} MB on {attempt.Host} "
                    + $"(process {attempt.Pid}), heartbeat {attempt.Heartbeat}, {attempt.HeartbeatSeconds:F0} s ago"
                : ""
        )
        + (job.Detail.Length > 0 ? $": {job.Detail.ReplaceLineEndings(" | ")}" : "");

    private static string? Advice(RunStatus status) =>
        status.State switch
        {
            RunState.Complete when !status.IsWritten => $"next       {TypedCommand.Line("merge", status.Folder)}",
            RunState.Stopped => $"next       {status.Next}",
            _ => null,
        };

    private static string Percent(long part, long all) => $"{(all == 0 ? 100 : Math.Floor(1000.0 * part / all) / 10):F1}%";

    private static string Word(RunState state) => state.ToString().ToLowerInvariant();
}
