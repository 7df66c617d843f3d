using System.Text.Json.Serialization;
using HpcFit.Coordinator.Policy;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>
/// How a batch scheduler is used: its commands as lists of words with placeholders, and regular expressions for what they print. The
/// content of a <c>--scheduler-spec</c> file (docs/schedulers.md).
/// </summary>
/// <remarks>Optional properties have setters: generated deserialisers give those with <c>init</c> no default.</remarks>
internal sealed record SchedulerDescription
{
    /// <summary>The only version of the format so far.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of the format.</summary>
    public required int Format { get; init; }

    /// <summary>The scheduler's name in messages and in <c>status</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How jobs are submitted.</summary>
    public required SubmitCommand Submit { get; init; }

    /// <summary>What a job finds out about itself.</summary>
    public required JobVariables Job { get; init; }

    /// <summary>Variables that the scheduler's commands need, which jobs receive from the submitting shell.</summary>
    public IReadOnlyList<string> Environment { get; set; } = [];

    /// <summary>The maximum of what a job or an array may request.</summary>
    public SchedulerLimits Limits { get; set; } = new();

    /// <summary>How waiting and running jobs are listed.</summary>
    public required QueueQuery Queue { get; init; }

    /// <summary>How ended jobs are looked up; null: only their workers' reports are known.</summary>
    public EndingQuery? Endings { get; set; }

    /// <summary>Cancels a job or a whole array.</summary>
    public required IReadOnlyList<string> Cancel { get; init; }

    /// <summary>Cancels a task of an array; null: tasks that can never start are reported, and left to the user.</summary>
    public IReadOnlyList<string>? CancelTask { get; set; }
}

/// <summary>The words of the submitting command. Those of a part are added where the job needs it.</summary>
internal sealed record SubmitCommand
{
    /// <summary>Always, first.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Always, last: the script.</summary>
    public required IReadOnlyList<string> Script { get; init; }

    /// <summary>Finds the job's id in the output, as the group <c>id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>How other commands name an array; null: by its id.</summary>
    public string? ArrayId { get; set; }

    /// <summary>Of an array.</summary>
    public required IReadOnlyList<string> Array { get; init; }

    /// <summary>Of a job that is no array.</summary>
    public IReadOnlyList<string> Single { get; set; } = [];

    /// <summary>Limits the running tasks of an array; null: <see cref="ThrottledArray"/>, or not possible.</summary>
    public IReadOnlyList<string>? Throttle { get; set; }

    /// <summary>Of an array whose running tasks are limited, instead of <see cref="Array"/>.</summary>
    public IReadOnlyList<string>? ThrottledArray { get; set; }

    /// <summary>Starts a job when others have ended, in whatever way.</summary>
    public required DependencyWords After { get; init; }

    /// <summary>Starts a job at a time; null: not possible, and nothing watches the run.</summary>
    public StartTimeWords? At { get; set; }

    /// <summary>Requests wall time.</summary>
    public IReadOnlyList<string> Time { get; set; } = [];

    /// <summary>Requests memory.</summary>
    public IReadOnlyList<string> Memory { get; set; } = [];

    /// <summary>Requests more than one processor.</summary>
    public IReadOnlyList<string> Threads { get; set; } = [];

    /// <summary>Requests processors and memory together.</summary>
    public IReadOnlyList<string> Resources { get; set; } = [];

    /// <summary><c>--partition</c>; null: refused.</summary>
    public IReadOnlyList<string>? Partition { get; set; }

    /// <summary><c>--account</c>; null: refused.</summary>
    public IReadOnlyList<string>? Account { get; set; }

    /// <summary><c>--qos</c>; null: refused.</summary>
    public IReadOnlyList<string>? Qos { get; set; }

    /// <summary>Finds messages of a scheduler that is busy or restarting, after which a command is retried; null: none.</summary>
    public string? Busy { get; set; }
}

/// <summary>A dependency on the ends of other jobs.</summary>
/// <param name="Words">The words, with the jobs.</param>
/// <param name="Job">A job among them.</param>
/// <param name="Separator">What is between two.</param>
internal sealed record DependencyWords(IReadOnlyList<string> Words, string Job, string Separator);

/// <summary>A start time.</summary>
/// <param name="Words">The words, with the time.</param>
/// <param name="Time">The format of the local time, in .NET's notation (<c>yyyyMMddHHmm.ss</c>).</param>
internal sealed record StartTimeWords(IReadOnlyList<string> Words, string Time);

/// <summary>Environment variables of a job.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Index">The index of its task in an array.</param>
internal sealed record JobVariables(string Id, string Index);

/// <summary>The maximum of what jobs may request; null: no limit is known.</summary>
internal sealed record SchedulerLimits
{
    /// <summary>Tasks of an array.</summary>
    public int ArrayTasks { get; set; } = 1000;

    /// <summary>Memory of a job, in megabytes of 2^20 bytes.</summary>
    public long? Megabytes { get; set; }

    /// <summary>Wall time of a job, in minutes.</summary>
    public double? Minutes { get; set; }

    /// <summary>Processors of a job.</summary>
    public int? Threads { get; set; }
}

/// <summary>The list of waiting and running jobs.</summary>
internal sealed record QueueQuery
{
    /// <summary>Lists the user's jobs.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>
    /// Finds each job or task in the output: the groups <c>id</c>, <c>name</c>, <c>state</c>, and of an array <c>tasks</c>, such as
    /// <c>3</c> or <c>4-6:1,9</c>.
    /// </summary>
    public required string Job { get; init; }

    /// <summary>States of jobs that wait; other jobs in the list run.</summary>
    public required string Waiting { get; init; }

    /// <summary>States of jobs that wait and can never start; null: none.</summary>
    public string? Failed { get; set; }

    /// <summary>States of jobs that are listed after their end; null: none.</summary>
    public string? Ended { get; set; }
}

/// <summary>The record of ended jobs.</summary>
internal sealed record EndingQuery
{
    /// <summary>Prints the record of a job or array.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Finds each ended task in the output: the groups <c>id</c>, <c>task</c> and <c>text</c>.</summary>
    public required string Job { get; init; }

    /// <summary>How long after a job's end its record may be missing.</summary>
    public double WaitSeconds { get; set; }

    /// <summary>What the texts mean; the first that matches counts.</summary>
    public IReadOnlyList<EndingMeaning> Meanings { get; set; } = [];
}

/// <summary>What a text of the record means.</summary>
/// <param name="Text">A regular expression.</param>
/// <param name="Ending">How the job ended. It never means success: valid blocks do.</param>
internal sealed record EndingMeaning(string Text, JobOutcomeKind Ending);

/// <summary>The JSON of descriptions.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    AllowTrailingCommas = true,
    ReadCommentHandling = System.Text.Json.JsonCommentHandling.Skip,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(SchedulerDescription))]
internal sealed partial class DescriptionJson : JsonSerializerContext;
