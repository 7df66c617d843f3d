using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Monitoring;

/// <summary>Where a run stands as a whole.</summary>
internal enum RunState
{
    /// <summary>Jobs wait in a queue, or for somebody to start them by hand, or the next command is about to take the run up.</summary>
    Waiting,

    /// <summary>Jobs are at work.</summary>
    Running,

    /// <summary>Elements are lacking, and nobody is at work on them.</summary>
    Stopped,

    /// <summary>Every element has its results.</summary>
    Complete,

    /// <summary>The results are being merged and written.</summary>
    Merging,
}

/// <summary>How a run stands, from its own files and its schedulers' words: what <c>hpcfit status</c> tells.</summary>
internal sealed record RunStatus
{
    /// <summary>The version of this form (docs/formats/status-json.md): it grows when a field changes its meaning or goes.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The run directory.</summary>
    public required string Folder { get; init; }

    /// <summary>The run's digest.</summary>
    public required string Digest { get; init; }

    /// <summary>The engine.</summary>
    public required string Model { get; init; }

    /// <summary>The formula; empty for models without.</summary>
    public required string Formula { get; init; }

    /// <summary>Where the run stands.</summary>
    public required RunState State { get; init; }

    /// <summary>Elements of the run.</summary>
    public required long Elements { get; init; }

    /// <summary>Those with a valid block.</summary>
    public required long Covered { get; init; }

    /// <summary>Elements a second of all jobs at work, by their heartbeats.</summary>
    public double ElementsPerSecond { get; init; }

    /// <summary>Seconds until the last element at this rate; null: no rate.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>The rounds, ascending.</summary>
    public required IReadOnlyList<RoundStatus> Rounds { get; init; }

    /// <summary>Who works on the run as a whole.</summary>
    public required IReadOnlyList<ClaimHolder> Holders { get; init; }

    /// <summary>Whether the results were written to <see cref="Target"/> and are there.</summary>
    public bool IsWritten { get; init; }

    /// <summary>Why nobody is at work, of a run that is stopped.</summary>
    public string? Cause { get; init; }

    /// <summary>The command that goes on with it.</summary>
    public string? Next { get; init; }

    /// <summary>Where the results go; null: nobody said.</summary>
    public OutputTarget? Target { get; init; }
}

/// <summary>How a round stands.</summary>
/// <param name="Round">Its number.</param>
/// <param name="Launcher">Who launched it: <c>local</c>, <c>slurm</c>, or <c>nobody</c> yet.</param>
/// <param name="IsRetry">Whether failures made it necessary.</param>
/// <param name="Jobs">Its jobs.</param>
internal sealed record RoundStatus(RoundId Round, string Launcher, bool IsRetry, IReadOnlyList<JobStatus> Jobs);

/// <summary>How a job stands.</summary>
/// <param name="Job">Its number.</param>
/// <param name="State">Where it stands, or why it ended.</param>
/// <param name="Elements">How many elements it has.</param>
/// <param name="Left">How many of them have no valid block.</param>
internal sealed record JobStatus(JobId Job, JobOutcomeKind State, long Elements, long Left)
{
    /// <summary>Why it waits or failed; empty: nothing is known.</summary>
    public string Words { get; init; } = "";

    /// <summary>The latest attempt; null: none has begun, or it is no matter any more.</summary>
    public AttemptStatus? Attempt { get; init; }
}

/// <summary>The latest attempt at a job, by its own heartbeat.</summary>
/// <param name="Attempt">Its name, which names its partial, log and progress file.</param>
/// <param name="Host">The machine.</param>
/// <param name="Pid">The process.</param>
/// <param name="ElementsDone">Elements published.</param>
/// <param name="ElementsPerSecond">Its rate since it began.</param>
/// <param name="ResidentBytes">Its memory.</param>
/// <param name="Heartbeat">The number of its last heartbeat.</param>
/// <param name="HeartbeatSeconds">The heartbeat's age, on the watcher's clock where it has seen the number change. For display: an old one
/// proves nothing.</param>
internal sealed record AttemptStatus(
    string Attempt,
    string Host,
    int Pid,
    long ElementsDone,
    double ElementsPerSecond,
    long ResidentBytes,
    long Heartbeat,
    double HeartbeatSeconds
);
