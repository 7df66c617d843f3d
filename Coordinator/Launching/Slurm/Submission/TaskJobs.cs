using HpcFit.Coordinator.Launching.Slurm.Client;

namespace HpcFit.Coordinator.Launching.Slurm.Submission;

/// <summary>Which job of a round a task of the queue is.</summary>
internal sealed class TaskJobs
{
    private readonly Dictionary<int, int> _firstJobs;

    /// <summary>From what was submitted.</summary>
    public TaskJobs(RoundSubmission submission) =>
        _firstJobs = submission
            .Arrays()
            .Where(array => array.Id is not null)
            .ToDictionary(array => array.Id!.Value, array => array.FirstJob);

    /// <summary>The job's number; null for what is no task of the round.</summary>
    public int? JobOf(SlurmTask task) => task.Task is { } number && _firstJobs.TryGetValue(task.Job, out var first) ? first + number : null;
}
