using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Running;

/// <summary>What a run's user code failed with, gathered from the last words of its attempts.</summary>
internal static class UserCodeReport
{
    /// <summary>One line a failure, the first twenty by element, and how many there were; none for a run without.</summary>
    public static IReadOnlyList<string> Lines(RunDirectory run)
    {
        // What stopped an attempt was fitted again by a later one.
        var ended = run.ReportedAttempts().Select(run.ReadProgress).Where(report => report is { Ended: ExitCode.Success, UserCodeFailures: > 0 }).ToList();
        var total = ended.Sum(report => report!.UserCodeFailures!.Value);
        var first = ended.SelectMany(report => report!.UserCodeMessages ?? []).OrderBy(failure => failure.Element).Take(UserCodeFailure.Kept).ToList();
        IEnumerable<string> more = total > first.Count ? [$"… and {total - first.Count:N0} more"] : [];
        return [.. first.Select(failure => $"function   failed at {failure}"), .. more];
    }
}
