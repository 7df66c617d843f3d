using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Running;

/// <summary>Failures and NaN results of a run's user code, collected from the last reports of its attempts.</summary>
internal static class UserCodeReport
{
    /// <summary>
    /// One line per failure for the first twenty elements, then their total; one line for all NaN; empty for a run without either.
    /// </summary>
    public static IReadOnlyList<string> Lines(RunDirectory run)
    {
        // Elements at which an attempt stopped were fitted again by a later one.
        var ended = run.ReportedAttempts()
            .Select(run.ReadProgress)
            .OfType<ProgressReport>()
            .Where(report => report.Ended == ExitCode.Success)
            .ToList();
        var total = ended.Sum(report => report.UserCodeFailures ?? 0);
        var first = ended
            .SelectMany(report => report.UserCodeMessages ?? [])
            .OrderBy(failure => failure.Element)
            .Take(UserCodeFailure.MaxKept)
            .ToList();
        IEnumerable<string> more = total > first.Count ? [$"… and {total - first.Count:N0} more"] : [];
        var nan = ended.Sum(report => report.UserCodeNaN ?? 0);
        var lowest = ended.Select(report => report.UserCodeFirstNaN).OfType<UserCodeFailure>().MinBy(found => found.Element);
        IEnumerable<string> nanLine = lowest is null ? [] : [$"function   answered NaN at {CountText.Format(nan, "element")}; at {lowest}"];
        return [.. first.Select(failure => $"function   failed at {failure}"), .. more, .. nanLine];
    }
}
