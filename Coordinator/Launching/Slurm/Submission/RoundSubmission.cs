using System.Text.Json.Serialization;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;

namespace HpcFit.Coordinator.Launching.Slurm.Submission;

/// <summary>
/// What of a round was handed to the scheduler, or is about to be: the content of its <c>scheduler.json</c>. Names are written before
/// sbatch is called, ids after, so that whoever comes next can tell what a command that died had submitted.
/// </summary>
/// <param name="Name">The beginning of all names of the round's jobs: run, round, and random.</param>
/// <param name="Handovers">In their order; only the last may be unfinished.</param>
internal sealed record RoundSubmission(string Name, IReadOnlyList<Handover> Handovers)
{
    /// <summary>Tasks that would never have started and were cancelled, with the reason.</summary>
    public IReadOnlyList<GivenUpJob> GivenUp { get; init; } = [];

    /// <summary>How many of the round's jobs, from the first, have been handed over.</summary>
    public int JobsHandedOver() => Handovers.Sum(handover => handover.Arrays.Sum(array => array.Count));

    /// <summary>All arrays.</summary>
    public IEnumerable<ArraySubmission> Arrays() => Handovers.SelectMany(handover => handover.Arrays);

    /// <summary>The same with another last handover.</summary>
    public RoundSubmission WithLast(Handover handover) => this with { Handovers = [.. Handovers.SkipLast(1), handover] };
}

/// <summary>Arrays that were submitted together, and the jobs that see to it that the run goes on after them.</summary>
/// <param name="Arrays">The arrays, in the order of their jobs.</param>
/// <param name="Advance">Runs when all arrays have ended.</param>
/// <param name="Watch">Runs after a while, whatever the arrays do.</param>
internal sealed record Handover(IReadOnlyList<ArraySubmission> Arrays, CompanionSubmission Advance, CompanionSubmission Watch)
{
    /// <summary>Whether the arrays were let go. Before that they are held, and the handover is unfinished.</summary>
    public bool Released { get; init; }
}

/// <summary>An array: jobs that ask for the same.</summary>
/// <param name="Name">Its unique name in the queue.</param>
/// <param name="FirstJob">The job of task 0.</param>
/// <param name="Tasks">The task numbers, as sbatch takes them: <c>0-3,9</c>.</param>
/// <param name="Count">How many tasks.</param>
/// <param name="Request">What each task asks for.</param>
internal sealed record ArraySubmission(string Name, int FirstJob, string Tasks, int Count, JobRequest Request)
{
    /// <summary>The scheduler's id; null: not submitted as far as anybody knows.</summary>
    public int? Id { get; init; }

    /// <summary>Tasks at work at a time; null: no limit.</summary>
    public int? Throttle { get; init; }

    /// <summary>The job in the queue; null: not submitted as far as anybody knows.</summary>
    [JsonIgnore]
    public CancelledJob? Submitted => Id is { } id ? new(id, Name) : null;
}

/// <summary>An advance or watch job.</summary>
/// <param name="Name">Its unique name in the queue.</param>
/// <param name="Id">The scheduler's id; null: not submitted as far as anybody knows.</param>
internal sealed record CompanionSubmission(string Name, int? Id = null)
{
    /// <summary>The job in the queue; null: not submitted as far as anybody knows.</summary>
    [JsonIgnore]
    public CancelledJob? Submitted => Id is { } id ? new(id, Name) : null;
}

/// <summary>A job whose task was cancelled because it would never have started.</summary>
/// <param name="Job">The job.</param>
/// <param name="Reason">Slurm's word for it.</param>
/// <param name="Advice">What can be done.</param>
/// <param name="IsHopeless">Whether it will be the same again unless the user changes something.</param>
internal sealed record GivenUpJob(int Job, string Reason, string Advice, bool IsHopeless);
