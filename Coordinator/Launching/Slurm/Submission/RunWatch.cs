using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Submission;

/// <summary>
/// The watch job, which checks after an interval that the run still advances. A run has one at a time for all rounds: each handover reuses
/// the one that waits in the queue.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="settings">How it uses the cluster.</param>
/// <param name="commands">The scheduler's programs.</param>
internal sealed class RunWatch(RunDirectory run, SlurmSettings settings, SlurmCommands commands)
{
    private readonly SubmissionFile _file = new(run);
    private readonly SbatchArguments _sbatch = new(settings);

    /// <summary>All recorded watch jobs, the latest last, each once; the last may have no id yet.</summary>
    public IReadOnlyList<CompanionSubmission> All()
    {
        IEnumerable<CompanionSubmission> ofRounds = _file
            .All()
            .SelectMany(pair => pair.Submission.Handovers)
            .Select(handover => handover.Watch);
        return
        [
            .. (
                JsonFile.TryRead(run.WatchFile, SlurmJson.Default.CompanionSubmission) is { } recorded
                    ? ofRounds.Append(recorded)
                    : ofRounds
            ).Distinct(),
        ];
    }

    /// <summary>The watch job that waits in the queue; null: none.</summary>
    public CompanionSubmission? Waiting(CancellationToken token)
    {
        var submitted = All().Where(watch => watch.Id is not null).ToList();
        var waiting = commands
            .Queue([.. submitted.Select(watch => watch.Id!.Value)], token)
            .Where(task => task.State.IsWaiting())
            .Select(task => task.Job)
            .ToHashSet();
        return submitted.LastOrDefault(watch => waiting.Contains(watch.Id!.Value));
    }

    /// <summary>Submits a watch job.</summary>
    /// <param name="name">Its unique name.</param>
    /// <param name="wasTried">An earlier command may have submitted it already.</param>
    /// <param name="token">Stops waiting for the controller.</param>
    /// <returns>Its id.</returns>
    public int Submit(string name, bool wasTried, CancellationToken token) =>
        commands.Submit(name, _sbatch.Watch(name, run.AdvanceScript, run.WatchOutputPattern), wasTried, token);

    /// <summary>
    /// Submits a watch job unless one waits. May be called without the claim of the run's rounds, by a job that found it taken: so it is
    /// recorded in a file of its own.
    /// </summary>
    public void EnsureQueued(CancellationToken token)
    {
        if (Waiting(token) is not null || All() is not [.., var last])
            return;
        var next = new CompanionSubmission($"{last.Name}-after-{Environment.ProcessId}-{DateTime.UtcNow:HHmmss}");
        JsonFile.Replace(run.WatchFile, next, SlurmJson.Default.CompanionSubmission);
        JsonFile.Replace(
            run.WatchFile,
            next with
            {
                Id = Submit(next.Name, wasTried: false, token),
            },
            SlurmJson.Default.CompanionSubmission
        );
    }
}
