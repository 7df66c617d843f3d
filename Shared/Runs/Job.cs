using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Runs;

/// <summary>The number of a round within a run, from 1.</summary>
/// <param name="Value">The number.</param>
public readonly record struct RoundId(int Value)
{
    /// <summary>The folder's name: <c>0001</c>.</summary>
    public override string ToString() => Value.ToString("D4");
}

/// <summary>The number of a job within its round, from 0 (the array task id, where Slurm runs it).</summary>
/// <param name="Value">The number.</param>
public readonly record struct JobId(int Value)
{
    /// <summary>The number.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>Some elements of a run, done by one worker process.</summary>
/// <param name="Id">Its number within the round.</param>
/// <param name="Elements">What it fits.</param>
/// <param name="Resources">What it may use; null: as the launcher's options say.</param>
public sealed record Job(JobId Id, ElementSet Elements, JobResources? Resources = null);

/// <summary>One partition of the elements that a run still lacked into jobs. Immutable once its folder is there.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Jobs">Its jobs, ids 0 to n-1.</param>
/// <param name="OnError">What a worker does when user code throws or a chunk is corrupt.</param>
/// <param name="IsRetry">Whether the failure policy made it. Rounds that a user asked for start the counting of retries anew.</param>
public sealed record Round(RoundId Id, IReadOnlyList<Job> Jobs, OnError OnError = OnError.Stop, bool IsRetry = false);

/// <summary>What happens when user code throws or a chunk is corrupt (DESIGN, promise 6).</summary>
public enum OnError
{
    /// <summary>Running blocks finish, the elements are named, nothing is merged; the run can be resumed with <see cref="Skip"/>.</summary>
    Stop,

    /// <summary>Those elements get NaN and a status code, the rest goes on.</summary>
    Skip,
}
