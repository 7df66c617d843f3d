using System.Text.Json.Serialization;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Submission;

/// <summary>
/// What of a round was submitted to the scheduler, or is about to be: the content of its <c>scheduler.json</c>. Names are recorded before
/// sbatch is called, ids after, so that a later command can determine what a killed one had submitted.
/// </summary>
/// <param name="Name">The prefix of all names of the round's jobs: run, round, and a random part.</param>
/// <param name="Handovers">The submissions in order; only the last may be incomplete.</param>
internal sealed record RoundSubmission(string Name, IReadOnlyList<Handover> Handovers)
{
    /// <summary>The prefix of the names of a round's jobs.</summary>
    /// <param name="digest">The run's digest.</param>
    /// <param name="round">The round.</param>
    /// <param name="unique">Distinguishes this submission from others of the round.</param>
    public static string NameFor(string digest, RoundId round, string unique) => $"hpcfit-{digest[..8]}-r{round}-{unique}";

    /// <summary>Tasks that would never have started and were cancelled, with the reason.</summary>
    public IReadOnlyList<GivenUpJob> GivenUp { get; init; } = [];

    /// <summary>How many of the round's jobs, from the first, have been submitted.</summary>
    public int JobsSubmitted() => Handovers.Sum(handover => handover.Arrays.Sum(array => array.Count));

    /// <summary>The arrays of all handovers.</summary>
    public IEnumerable<ArraySubmission> Arrays() => Handovers.SelectMany(handover => handover.Arrays);

    /// <summary>A copy with the last handover replaced.</summary>
    public RoundSubmission WithLast(Handover handover) => this with { Handovers = [.. Handovers.SkipLast(1), handover] };
}

/// <summary>The names in the queue of the jobs of a handover.</summary>
/// <param name="Submission">The prefix of all names of the round's jobs.</param>
/// <param name="Number">The number of the handover within the round, from 0.</param>
internal readonly record struct HandoverNames(string Submission, int Number)
{
    /// <summary>The advance job.</summary>
    public string Advance => $"{Submission}-{Number}next";

    /// <summary>The watch job.</summary>
    public string Watch => $"{Submission}-{Number}watch";

    /// <summary>An array, by its index within the handover.</summary>
    public string Array(int index) => $"{Submission}-{Number}a{index}";
}

/// <summary>Arrays that were submitted together, and the jobs that continue the run after them.</summary>
/// <param name="Arrays">The arrays, in the order of their jobs.</param>
/// <param name="Advance">Runs when all arrays have ended.</param>
/// <param name="Watch">Runs after an interval, whatever the state of the arrays.</param>
internal sealed record Handover(IReadOnlyList<ArraySubmission> Arrays, CompanionSubmission Advance, CompanionSubmission Watch)
{
    /// <summary>Whether the arrays were released. Before that they are held, and the handover is incomplete.</summary>
    public bool Released { get; init; }
}

/// <summary>An array: jobs with the same request.</summary>
/// <param name="Name">Its unique name in the queue.</param>
/// <param name="FirstJob">The job of task 0.</param>
/// <param name="Tasks">The task numbers in sbatch's notation: <c>0-3,9</c>.</param>
/// <param name="Count">How many tasks.</param>
/// <param name="Request">The request of each task.</param>
internal sealed record ArraySubmission(string Name, int FirstJob, string Tasks, int Count, JobResources Request)
{
    /// <summary>The scheduler's id; null: not known to be submitted.</summary>
    public int? Id { get; init; }

    /// <summary>Maximum number of running tasks; null: no limit.</summary>
    public int? Throttle { get; init; }

    /// <summary>The job in the queue; null: not known to be submitted.</summary>
    [JsonIgnore]
    public CancelledJob? Submitted => Id is { } id ? new(id, Name) : null;
}

/// <summary>An advance or watch job.</summary>
/// <param name="Name">Its unique name in the queue.</param>
/// <param name="Id">The scheduler's id; null: not known to be submitted.</param>
internal sealed record CompanionSubmission(string Name, int? Id = null)
{
    /// <summary>The job in the queue; null: not known to be submitted.</summary>
    [JsonIgnore]
    public CancelledJob? Submitted => Id is { } id ? new(id, Name) : null;
}

/// <summary>A job whose task was cancelled because it would never have started.</summary>
/// <param name="Job">The job.</param>
/// <param name="Reason">Slurm's reason.</param>
/// <param name="Advice">What can be done.</param>
/// <param name="IsHopeless">Whether a resubmission fails as well unless the user changes something.</param>
internal sealed record GivenUpJob(int Job, string Reason, string Advice, bool IsHopeless);

/// <summary>The JSON of <c>scheduler.json</c>, with the conventions of the rest of the run directory.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(RoundSubmission))]
[JsonSerializable(typeof(CompanionSubmission))]
internal sealed partial class SlurmJson : JsonSerializerContext;

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
