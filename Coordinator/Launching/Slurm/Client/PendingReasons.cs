namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>Why a pending task will not start.</summary>
/// <param name="Advice">The cause and the remedy.</param>
/// <param name="IsHopeless">Whether another submission would have the same result.</param>
/// <param name="IsOurs">Whether this program may cancel it; a deliberate hold is only reported.</param>
internal sealed record PendingReason(string Advice, bool IsHopeless, bool IsOurs = true);

/// <summary>Distinguishes temporary from permanent reasons of pending tasks (<c>man squeue</c>, JOB REASON CODES).</summary>
internal static class PendingReasons
{
    private static readonly PendingReason Held = new(
        "it was requeued too often or could not be launched, and Slurm holds it: see its log and the node's state",
        IsHopeless: false
    );

    private static readonly Dictionary<string, PendingReason> Reasons = new(StringComparer.OrdinalIgnoreCase)
    {
        ["PartitionTimeLimit"] = new("it requests more time than its partition allows: give --time, or another --partition", true),
        ["PartitionNodeLimit"] = new(
            "it requests more nodes or processors than its partition has: give fewer --cpus-per-task, or another --partition",
            true
        ),
        ["BadConstraints"] = new(
            "no node can ever satisfy its request: change --mem, --cpus-per-task or the --sbatch-option that constrains it",
            true
        ),
        ["AccountNotAllowed"] = new("its account may not use this partition: give --account or another --partition", true),
        ["QOSNotAllowed"] = new("its QOS may not be used here: give --qos", true),
        ["QOSTimeLimit"] = new("it requests more time than its QOS allows: give --time or --qos", true),
        ["QOSMaxWallDurationPerJobLimit"] = new("it requests more time than its QOS allows: give --time or --qos", true),
        ["AssocMaxWallDurationPerJobLimit"] = new("it requests more time than its account allows: give --time", true),
        ["QOSMaxMemoryPerJob"] = new("it requests more memory than its QOS allows: give --mem or --qos", true),
        ["AssocMaxMemPerJob"] = new("it requests more memory than its account allows: give --mem", true),
        ["QOSMaxCpuPerJobLimit"] = new("it requests more processors than its QOS allows: give --cpus-per-task or --qos", true),
        ["AssocMaxCpuPerJobLimit"] = new("it requests more processors than its account allows: give --cpus-per-task", true),
        ["InvalidAccount"] = new("its account does not exist: give --account", true),
        ["InvalidQOS"] = new("its QOS does not exist: give --qos", true),
        ["DependencyNeverSatisfied"] = new("a job that it depends on can no longer satisfy the dependency", IsHopeless: false),
        ["JobHoldMaxRequeue"] = Held,
        ["launch_failed_requeued_held"] = Held,
        ["job_requeued_in_held_state"] = Held,
        ["JobHeldAdmin"] = new("the cluster's administrator holds it", IsHopeless: false, IsOurs: false),
    };

    /// <summary>Why a task will not start; null if it may start, or if it is held by this program before its release.</summary>
    public static PendingReason? Find(SlurmTask task) =>
        task.State switch
        {
            SlurmJobState.RequeueHold or SlurmJobState.SpecialExit => Held,
            _ when task.State.IsWaiting() => Reasons.GetValueOrDefault(task.Reason.Trim('(', ')').Replace(' ', '_')),
            _ => null,
        };
}
