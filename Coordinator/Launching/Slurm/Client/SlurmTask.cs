namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>The state of one array task, or of a job that is not an array, according to the scheduler.</summary>
/// <param name="Job">The array's id, or the job's own.</param>
/// <param name="Task">The task's number; null: not an array.</param>
/// <param name="State">The state.</param>
/// <param name="StateText">The state as Slurm prints it, kept for states that this program does not know.</param>
/// <param name="Reason">Why it waits or failed; empty when not given.</param>
/// <param name="ExitStatus">The exit code of the batch script. Informative only: success depends on valid blocks alone.</param>
/// <param name="Signal">The signal that ended it, 0 for none. Informative only.</param>
/// <param name="Node">The node, empty before the start.</param>
/// <param name="Restarts">How often it was restarted.</param>
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
