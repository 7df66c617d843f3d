namespace HpcFit.Coordinator.Policy;

/// <summary>Limits on retries and resources of the failure policy.</summary>
internal sealed record AdvanceLimits
{
    /// <summary><c>--retries</c>: how often a job is retried that gained nothing and failed by itself. 0: no job is retried.</summary>
    public int Retries { get; init; } = 2;

    /// <summary><c>--max-rounds</c>: the maximum number of consecutive rounds that gain nothing.</summary>
    public int MaxRounds { get; init; } = 5;

    /// <summary>Maximum memory of a job, in bytes.</summary>
    public long MaxMemoryBytes { get; init; } = long.MaxValue;

    /// <summary>Maximum wall time of a job; null: no limit.</summary>
    public TimeSpan? MaxTime { get; init; }
}
