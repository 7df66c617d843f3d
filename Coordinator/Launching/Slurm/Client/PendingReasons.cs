namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>Why a task will not start by itself.</summary>
/// <param name="Advice">What is the matter and what to do.</param>
/// <param name="IsHopeless">Whether submitting the same again would end the same.</param>
/// <param name="IsOurs">Whether this program may cancel it; a hold that somebody placed on purpose is only told.</param>
internal sealed record PendingReason(string Advice, bool IsHopeless, bool IsOurs = true);

/// <summary>Tells waiting that ends by itself from waiting that does not (<c>man squeue</c>, JOB REASON CODES).</summary>
internal static class PendingReasons
{
    private static readonly PendingReason Held = new(
        "it was requeued too often or could not be launched, and Slurm holds it: see its log and the node's state",
        IsHopeless: false
    );

    private static readonly Dictionary<string, PendingReason> Reasons = new(StringComparer.OrdinalIgnoreCase)
    {
        ["PartitionTimeLimit"] = new("it asks for more time than its partition allows: give --time, or another --partition", true),
        ["PartitionNodeLimit"] = new(
            "it asks for more nodes or processors than its partition has: give fewer --cpus-per-task, or another --partition",
            true
        ),
        ["BadConstraints"] = new(
            "no node can ever give what it asks for: change --mem, --cpus-per-task or the --sbatch-option that constrains it",
            true
        ),
        ["AccountNotAllowed"] = new("its account may not use this partition: give --account or another --partition", true),
        ["QOSNotAllowed"] = new("its QOS may not be used here: give --qos", true),
        ["QOSTimeLimit"] = new("it asks for more time than its QOS allows: give --time or --qos", true),
        ["QOSMaxWallDurationPerJobLimit"] = new("it asks for more time than its QOS allows: give --time or --qos", true),
        ["AssocMaxWallDurationPerJobLimit"] = new("it asks for more time than its account allows: give --time", true),
        ["QOSMaxMemoryPerJob"] = new("it asks for more memory than its QOS allows: give --mem or --qos", true),
        ["AssocMaxMemPerJob"] = new("it asks for more memory than its account allows: give --mem", true),
        ["QOSMaxCpuPerJobLimit"] = new("it asks for more processors than its QOS allows: give --cpus-per-task or --qos", true),
        ["AssocMaxCpuPerJobLimit"] = new("it asks for more processors than its account allows: give --cpus-per-task", true),
        ["InvalidAccount"] = new("its account does not exist: give --account", true),
        ["InvalidQOS"] = new("its QOS does not exist: give --qos", true),
        ["DependencyNeverSatisfied"] = new("a job it depends on can no longer end as it must", IsHopeless: false),
        ["JobHoldMaxRequeue"] = Held,
        ["launch_failed_requeued_held"] = Held,
        ["job_requeued_in_held_state"] = Held,
        ["JobHeldAdmin"] = new("the cluster's administrator holds it", IsHopeless: false, IsOurs: false),
    };

    /// <summary>Why it will not start; null while there is hope. Our own hold before the release counts as hope.</summary>
    public static PendingReason? Judge(SlurmTask task) =>
        task.State switch
        {
            SlurmJobState.RequeueHold or SlurmJobState.SpecialExit => Held,
            _ when task.State.IsWaiting() => Reasons.GetValueOrDefault(task.Reason.Trim('(', ')').Replace(' ', '_')),
            _ => null,
        };
}
