using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>
/// The watch job, which checks after an interval that the run still advances. A run has one at a time; none where the scheduler cannot
/// start jobs at a time.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="settings">How it uses the scheduler.</param>
/// <param name="commands">The scheduler's commands.</param>
internal sealed class RunWatch(RunDirectory run, SchedulerSettings settings, SchedulerCommands commands)
{
    /// <summary>The last watch job; none before the first.</summary>
    public IReadOnlyList<SubmittedJob> Recorded() =>
        JsonFile.TryRead(run.WatchFile, SchedulerJson.Default.SubmittedJob) is { } job ? [job] : [];

    /// <summary>Submits a watch job unless one waits.</summary>
    public void Ensure(CancellationToken token)
    {
        var next = new SubmittedJob($"hpcfit-{run.Document.Digest[..8]}-watch-{Nonce.Hex(3)}", IsArray: false);
        if (new SubmitWords(settings).Watch(next.Name, DateTime.Now + settings.WatchEvery, run.SchedulerAdvanceScript) is not { } words)
            return;
        var names = Recorded().Select(job => job.Name).ToList();
        if (names.Count > 0 && commands.Queue(token).Any(task => names.Contains(task.Name) && task.State == QueuedState.Waiting))
            return;
        JsonFile.Replace(run.WatchFile, next, SchedulerJson.Default.SubmittedJob);
        JsonFile.Replace(run.WatchFile, commands.Submit(next, words, wasTried: false, token), SchedulerJson.Default.SubmittedJob);
    }
}
