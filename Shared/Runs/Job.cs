using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Runs;

/// <summary>The number of a round within a run, from 1.</summary>
/// <param name="Value">The number.</param>
public readonly record struct RoundId(int Value)
{
    /// <summary>The folder's name: <c>0001</c>.</summary>
    public override string ToString() => Value.ToString("D4");
}

/// <summary>The number of a job within its round, from 0 (with Slurm, the array task id).</summary>
/// <param name="Value">The number.</param>
public readonly record struct JobId(int Value)
{
    /// <summary>The number in decimal, as Slurm writes an array task id.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>A set of a run's elements that one worker process fits.</summary>
/// <param name="Id">Its number within the round.</param>
/// <param name="Elements">The elements that it fits.</param>
/// <param name="Resources">The resources it may use; null: those of the launcher's options.</param>
public sealed record Job(JobId Id, ElementSet Elements, JobResources? Resources = null);

/// <summary>A partition into jobs of the elements that a run was still missing. Immutable once its folder exists.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Jobs">Its jobs, ids 0 to n-1.</param>
/// <param name="OnError">What a worker does when user code throws or a chunk is corrupt.</param>
/// <param name="IsRetry">Whether the failure policy made it. A round that the user requested resets the count of retries.</param>
/// <param name="Members">Of a batch: the indices of the runs that are fitted; null: all of them, or an ordinary run.</param>
public sealed record Round(
    RoundId Id,
    IReadOnlyList<Job> Jobs,
    OnError OnError = OnError.Stop,
    bool IsRetry = false,
    IReadOnlyList<int>? Members = null
);

/// <summary>What happens when user code throws or a chunk is corrupt.</summary>
public enum OnError
{
    /// <summary>Running blocks finish, the failed elements are reported, nothing is merged; the run can be resumed with
    /// <see cref="Skip"/>.</summary>
    Stop,

    /// <summary>The failed elements get NaN and a status code, and the run continues.</summary>
    Skip,
}
