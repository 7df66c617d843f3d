using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Schedulers;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Starting;

/// <summary>
/// What <c>--dry-run</c> shows of a submission to a described scheduler: command lines and scripts, with placeholders for job ids and for
/// the random part of names.
/// </summary>
internal static class SchedulerPreview
{
    /// <summary>The lines of the preview.</summary>
    /// <param name="folder">The run directory.</param>
    /// <param name="digest">The run's digest.</param>
    /// <param name="round">The round that would be created.</param>
    /// <param name="jobs">Its jobs.</param>
    /// <param name="settings">How the scheduler is used.</param>
    public static IEnumerable<string> Lines(
        string folder,
        string digest,
        RoundId round,
        IReadOnlyList<Job> jobs,
        SchedulerSettings settings
    )
    {
        var (run, words, scripts) = (RunDirectory.At(folder), new SubmitWords(settings), new JobScripts(RunDirectory.At(folder), settings));
        var name = $"hpcfit-{digest[..8]}-r{round}-RANDOM";
        var arrays = SubmittedArray.Cut(jobs, settings.Scheduler.Limits.ArrayTasks, settings.RequestOf, index => $"{name}-a{index}");
        foreach (var (array, index) in arrays.Select((array, index) => (array, index)))
            yield return ShellQuoting.Line(words.Array(array, settings.ArrayThrottle, run.BatchScript(round, index)));
        yield return ShellQuoting.Line(words.Advance($"{name}-next", ["ARRAYS"], run.SchedulerAdvanceScript));
        if (words.Watch($"hpcfit-{digest[..8]}-watch-RANDOM", DateTime.Now + settings.WatchEvery, run.SchedulerAdvanceScript) is { } watch)
            yield return ShellQuoting.Line(watch);
        yield return $"\n--- {run.BatchScript(round, 0)}\n{scripts.Array(round, arrays[0])}";
        yield return $"--- {run.SchedulerAdvanceScript}\n{scripts.Advance()}";
    }
}
