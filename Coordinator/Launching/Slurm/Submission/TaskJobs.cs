using HpcFit.Coordinator.Launching.Slurm.Client;

namespace HpcFit.Coordinator.Launching.Slurm.Submission;

/// <summary>Maps tasks of the queue to jobs of a round.</summary>
internal sealed class TaskJobs
{
    private readonly Dictionary<int, int> _firstJobs;

    /// <summary>The mapping for a submitted round.</summary>
    public TaskJobs(RoundSubmission submission) =>
        _firstJobs = submission
            .Arrays()
            .Where(array => array.Id is not null)
            .ToDictionary(array => array.Id!.Value, array => array.FirstJob);

    /// <summary>The job's number; null if the task is not one of the round.</summary>
    public int? JobOf(SlurmTask task) => task.Task is { } number && _firstJobs.TryGetValue(task.Job, out var first) ? first + number : null;
}
