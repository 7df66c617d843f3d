using System.Text.Json.Serialization;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Monitoring;

/// <summary>The state of a run.</summary>
internal enum RunState
{
    /// <summary>Jobs wait in a queue or to be started by hand, or the next command is about to continue the run.</summary>
    Waiting,

    /// <summary>Jobs are running.</summary>
    Running,

    /// <summary>Elements are missing, and no process works on them.</summary>
    Stopped,

    /// <summary>Every element has a result.</summary>
    Complete,

    /// <summary>The results are being merged and written.</summary>
    Merging,
}

/// <summary>The state of a run, from its own files and its scheduler: what <c>hpcfit status</c> reports.</summary>
internal sealed record RunStatus
{
    /// <summary>
    /// The version of this format (docs/formats/status-json.md): it increases when a field changes its meaning or is removed.
    /// </summary>
    public int Format { get; init; } = 1;

    /// <summary>The run directory.</summary>
    public required string Folder { get; init; }

    /// <summary>The run's digest.</summary>
    public required string Digest { get; init; }

    /// <summary>The engine.</summary>
    public required string Model { get; init; }

    /// <summary>The formula; empty for models without one.</summary>
    public required string Formula { get; init; }

    /// <summary>The state.</summary>
    public required RunState State { get; init; }

    /// <summary>Elements of the run.</summary>
    public required long Elements { get; init; }

    /// <summary>Those with a valid block.</summary>
    public required long Covered { get; init; }

    /// <summary>Elements per second of all running jobs, according to their heartbeats.</summary>
    public double ElementsPerSecond { get; init; }

    /// <summary>Estimated seconds until the last element; null: the rate is unknown.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>The rounds, ascending.</summary>
    public required IReadOnlyList<RoundStatus> Rounds { get; init; }

    /// <summary>The commands that hold the run.</summary>
    public required IReadOnlyList<ClaimHolder> Holders { get; init; }

    /// <summary>Whether the results were written to <see cref="Target"/> and are there.</summary>
    public bool IsWritten { get; init; }

    /// <summary>Why no process works on the run; only if it is stopped.</summary>
    public string? Cause { get; init; }

    /// <summary>The command that continues it; only if it is stopped.</summary>
    public string? Next { get; init; }

    /// <summary>Where the results go; null: not recorded, or a batch.</summary>
    public OutputTarget? Target { get; init; }

    /// <summary>Warnings about the written results that were known when they were merged; null: none.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>The permutation tests with their shuffles; null: there are none, or a batch, whose members have them.</summary>
    [JsonIgnore]
    public PermutationLayout? Permutation { get; init; }

    /// <summary>The same for each test: the least possible p, and how far chance may move a p of 0.05.</summary>
    public IReadOnlyList<PermutedTest>? PermutationTests => PermutedTest.From(Permutation);

    /// <summary>The stages after the fits; null: none.</summary>
    public IReadOnlyList<StageStatus>? Stages { get; init; }

    /// <summary>The runs of a batch, which are fitted in one pass; null: an ordinary run.</summary>
    public IReadOnlyList<MemberStatus>? Members { get; init; }
}

/// <summary>A run of a batch.</summary>
/// <param name="Folder">Its run directory.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Model">The engine.</param>
/// <param name="Formula">The formula; empty for models without one.</param>
/// <param name="Target">Where the results go; null: not recorded.</param>
/// <param name="IsWritten">Whether they were written there, and are there.</param>
internal sealed record MemberStatus(string Folder, string Digest, string Model, string Formula, OutputTarget? Target, bool IsWritten)
{
    /// <summary>Warnings about the written results that were known when they were merged; null: none.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>Its permutation tests with their shuffles; null: none.</summary>
    [JsonIgnore]
    public PermutationLayout? Permutation { get; init; }

    /// <summary>The same for each test.</summary>
    public IReadOnlyList<PermutedTest>? PermutationTests => PermutedTest.From(Permutation);
}

/// <summary>The state of a stage after the fits.</summary>
/// <param name="Folder">Its folder in the run directory.</param>
/// <param name="Name">Its name.</param>
/// <param name="Axis">What its units are.</param>
/// <param name="State">Its state: complete, when every unit has a result.</param>
/// <param name="Units">How many units it has.</param>
/// <param name="Covered">Those with a valid block.</param>
/// <param name="UnitsPerSecond">Units per second of all running jobs, according to their heartbeats.</param>
/// <param name="SecondsLeft">Estimated seconds until the last unit; null: the rate is unknown.</param>
/// <param name="Rounds">Its rounds, ascending.</param>
internal sealed record StageStatus(
    string Folder,
    string Name,
    StageAxis Axis,
    RunState State,
    long Units,
    long Covered,
    double UnitsPerSecond,
    double? SecondsLeft,
    IReadOnlyList<RoundStatus> Rounds
);

/// <summary>The state of a round.</summary>
/// <param name="Round">Its number.</param>
/// <param name="Launcher">Who launched it: <c>local</c>, <c>slurm</c>, the name of another scheduler, or <c>nobody</c> yet.</param>
/// <param name="IsRetry">Whether failures made it necessary.</param>
/// <param name="Jobs">Its jobs.</param>
internal sealed record RoundStatus(RoundId Round, string Launcher, bool IsRetry, IReadOnlyList<JobStatus> Jobs);

/// <summary>The state of a job.</summary>
/// <param name="Job">Its number.</param>
/// <param name="State">Its state, or why it ended.</param>
/// <param name="Elements">How many elements it has.</param>
/// <param name="Left">How many of them have no valid block.</param>
internal sealed record JobStatus(JobId Job, JobOutcomeKind State, long Elements, long Left)
{
    /// <summary>Why it waits or failed; empty: unknown.</summary>
    [JsonPropertyName("words")]
    public string Detail { get; init; } = "";

    /// <summary>The latest attempt; null: none has started, or the job is not running.</summary>
    public AttemptStatus? Attempt { get; init; }
}

/// <summary>The latest attempt at a job, according to its heartbeat.</summary>
/// <param name="Attempt">Its name, which names its partial, log and progress file.</param>
/// <param name="Host">The machine.</param>
/// <param name="Pid">The process.</param>
/// <param name="ElementsDone">Elements published.</param>
/// <param name="ElementsPerSecond">Elements per second since it started.</param>
/// <param name="ResidentBytes">Its resident memory.</param>
/// <param name="Heartbeat">The number of its last heartbeat.</param>
/// <param name="HeartbeatSeconds">The heartbeat's age, on the observer's clock if it has seen the number change. For display only: an old
/// heartbeat proves nothing.</param>
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

/// <summary>The JSON of <c>hpcfit status --json</c>: one object per line, so that <c>--watch</c> prints JSON lines.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(RoundIdJson), typeof(JobIdJson)]
)]
[JsonSerializable(typeof(RunStatus))]
internal sealed partial class StatusJson : JsonSerializerContext;
