namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>What the scheduler says of one array task, or of a job that is no array.</summary>
/// <param name="Job">The array's id, or the job's own.</param>
/// <param name="Task">The task's number; null: no array.</param>
/// <param name="State">The state.</param>
/// <param name="StateText">The state in Slurm's own words, kept for those this program does not know.</param>
/// <param name="Reason">Why it waits or failed; empty when nothing is said.</param>
/// <param name="ExitStatus">The exit code of the batch script. A hint: success is the valid block, nothing else.</param>
/// <param name="Signal">The signal that ended it, 0 for none. A hint as well.</param>
/// <param name="Node">The node, empty before the start.</param>
/// <param name="Restarts">How often it was started over.</param>
internal sealed record SlurmTask(
    int Job,
    int? Task,
    SlurmJobState State,
    string StateText,
    string Reason,
    int ExitStatus,
    int Signal,
    string Node,
    int Restarts
)
{
    /// <summary>As squeue shows it: <c>1234_7</c>.</summary>
    public string Name => Task is { } task ? $"{Job}_{task}" : $"{Job}";
}
