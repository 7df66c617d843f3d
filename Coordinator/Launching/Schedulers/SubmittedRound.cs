using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>
/// What of a round was submitted, or is about to be: the content of its <c>submission.json</c>. Names are recorded before the submitting
/// command is called, ids after, so that a later command finds what an interrupted one had submitted.
/// </summary>
/// <param name="Scheduler">The scheduler's name.</param>
/// <param name="Name">The prefix of all names of the round's jobs: run, round, and a random part.</param>
/// <param name="Arrays">The arrays, in the order of their jobs.</param>
/// <param name="Advance">The job that runs when all arrays have ended.</param>
internal sealed record SubmittedRound(string Scheduler, string Name, IReadOnlyList<SubmittedArray> Arrays, SubmittedJob Advance)
{
    /// <summary>The jobs whose tasks the scheduler could not start and that were cancelled.</summary>
    public IReadOnlyList<int> GivenUp { get; set; } = [];

    /// <summary>Everything that was submitted or is about to be.</summary>
    public IEnumerable<SubmittedJob> All() => Arrays.Select(array => array.Submitted).Append(Advance);

    /// <summary>The record of a round; null when it was never submitted.</summary>
    public static SubmittedRound? Read(RunDirectory run, RoundId round) =>
        File.Exists(run.SubmissionFile(round)) ? JsonFile.Read(run.SubmissionFile(round), SchedulerJson.Default.SubmittedRound) : null;

    /// <summary>Stores the record.</summary>
    public void Write(RunDirectory run, RoundId round) =>
        JsonFile.Replace(run.SubmissionFile(round), this, SchedulerJson.Default.SubmittedRound);
}

/// <summary>A job or an array in the queue.</summary>
/// <param name="Name">Its unique name.</param>
/// <param name="IsArray">Whether it has tasks.</param>
/// <param name="Id">The scheduler's id; null: not known to be submitted.</param>
internal sealed record SubmittedJob(string Name, bool IsArray, string? Id = null);

/// <summary>Consecutive jobs of a round with the same request: an array, or a job alone.</summary>
/// <param name="Submitted">What is in the queue. Task 1 of an array is <paramref name="FirstJob"/>.</param>
/// <param name="FirstJob">The first job.</param>
/// <param name="Count">How many jobs.</param>
/// <param name="Request">The request of each.</param>
internal sealed record SubmittedArray(SubmittedJob Submitted, int FirstJob, int Count, JobResources Request)
{
    /// <summary>The arrays over the jobs of a round.</summary>
    /// <param name="jobs">The jobs, whose numbers are consecutive.</param>
    /// <param name="maxTasks">The maximum number of tasks of an array.</param>
    /// <param name="request">The request of a job.</param>
    /// <param name="name">The name of an array by its index.</param>
    public static IReadOnlyList<SubmittedArray> Cut(
        IReadOnlyList<Job> jobs,
        int maxTasks,
        Func<Job, JobResources> request,
        Func<int, string> name
    )
    {
        var arrays = new List<SubmittedArray>();
        foreach (var job in jobs)
        {
            if (arrays is [.., var last] && last.Count < maxTasks && last.Request == request(job))
                arrays[^1] = last with { Submitted = last.Submitted with { IsArray = true }, Count = last.Count + 1 };
            else
                arrays.Add(new(new(name(arrays.Count), IsArray: false), job.Id.Value, 1, request(job)));
        }
        return arrays;
    }

    /// <summary>The job of a task; null: none of this array.</summary>
    public int? JobOf(QueuedTask task) =>
        Submitted.Id is null || Submitted.Id != task.Id ? null
        : !Submitted.IsArray ? FirstJob
        : task.Index is { } index && index >= 1 && index <= Count ? FirstJob + index - 1
        : null;

    /// <summary>The index of a job's task; null: a job alone.</summary>
    public int? IndexOf(int job) => Submitted.IsArray ? job - FirstJob + 1 : null;

    /// <summary>Whether a job is one of this array.</summary>
    public bool Has(int job) => job >= FirstJob && job < FirstJob + Count;
}
