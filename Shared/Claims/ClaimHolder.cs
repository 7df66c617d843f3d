using System.Text.Json.Serialization;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Claims;

/// <summary>The holder of a claim: the content of the claim's file.</summary>
public sealed record ClaimHolder
{
    /// <summary>The holder's command, for people: <c>hpcfit merge</c>.</summary>
    public required string What { get; init; }

    /// <summary>The holder's host name.</summary>
    public required string Host { get; init; }

    /// <summary>The machine's boot: a process of an earlier boot is gone.</summary>
    public required string BootId { get; init; }

    /// <summary>The process namespace; pids of another namespace (a container) mean nothing here.</summary>
    public required string PidNamespace { get; init; }

    /// <summary>The process id.</summary>
    public required int Pid { get; init; }

    /// <summary>
    /// Its start, in clock ticks since boot (field 22 of <c>/proc/pid/stat</c>): it differs for a reused pid.
    /// </summary>
    public required long ProcessStart { get; init; }

    /// <summary>The Slurm job it runs in; null outside Slurm.</summary>
    public string? SlurmJob { get; init; }

    /// <summary>
    /// The node, by Slurm's name, on which that job took the claim: a requeued job has run on others as well. Null outside a batch job.
    /// </summary>
    public string? SlurmNode { get; init; }

    /// <summary>Random, so that two claims of one process differ.</summary>
    public required string Nonce { get; init; }

    /// <summary>When the claim was taken, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>This process.</summary>
    public static ClaimHolder Self(string what) =>
        new()
        {
            What = what,
            Host = ProcessIdentity.Self.Host,
            BootId = ProcessIdentity.Self.BootId,
            PidNamespace = ProcessIdentity.Self.PidNamespace,
            Pid = ProcessIdentity.Self.Pid,
            ProcessStart = ProcessIdentity.Self.Start,
            SlurmJob = Environment.GetEnvironmentVariable("SLURM_JOB_ID"),
            SlurmNode = Environment.GetEnvironmentVariable("SLURMD_NODENAME"),
            Nonce = Guid.NewGuid().ToString("N"),
            Since = DateTimeOffset.UtcNow,
        };

    /// <summary>
    /// Whether the holder is proven dead: its process on this host has ended, or the scheduler reports that its job has. In doubt the
    /// holder counts as alive.
    /// </summary>
    public bool IsDead(IJobLiveness? jobs = null)
    {
        if (Process().IsAlive() is { } isAlive)
            return !isAlive;
        return SlurmJob is not null && jobs is not null && jobs.HasEnded(SlurmJob, SlurmNode);
    }

    /// <summary>Whether the holder was started on this machine since its last boot.</summary>
    public bool IsOfThisBoot => Process().IsOfThisBoot();

    /// <summary>The holder's process.</summary>
    public ProcessIdentity Process() => new(Host, BootId, PidNamespace, Pid, ProcessStart);

    /// <summary>Who, where and since when, for a message.</summary>
    public override string ToString() =>
        $"'{What}', process {Pid} on {Host}{(SlurmJob is null ? "" : $" (Slurm job {SlurmJob})")}, since "
        + $"{Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";
}

/// <summary>What a scheduler knows about the job that a claim's holder runs in.</summary>
public interface IJobLiveness
{
    /// <summary>
    /// Whether <paramref name="slurmJob"/> has ended and the nodes of all its starts are up, so that nothing of it still runs;
    /// <paramref name="node"/> is the node of the start in question, if known. False in doubt.
    /// </summary>
    bool HasEnded(string slurmJob, string? node);
}

/// <summary>The JSON of claim files: source-generated, camel case, unknown keys refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    WriteIndented = true
)]
[JsonSerializable(typeof(ClaimHolder))]
public sealed partial class ClaimJson : JsonSerializerContext;
