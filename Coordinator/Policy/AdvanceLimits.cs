namespace HpcFit.Coordinator.Policy;

/// <summary>How far the failure policy goes before it stops.</summary>
internal sealed record AdvanceLimits
{
    /// <summary><c>--retries</c>: how often a job that gained nothing, through a fault of its own, is tried again. 0: nothing is.</summary>
    public int Retries { get; init; } = 2;

    /// <summary><c>--max-rounds</c>: rounds in a row that may gain nothing.</summary>
    public int MaxRounds { get; init; } = 5;

    /// <summary>The most memory a job can be given, in bytes.</summary>
    public long MaxMemoryBytes { get; init; } = long.MaxValue;

    /// <summary>The most wall time a job can be given; null: no limit.</summary>
    public TimeSpan? MaxTime { get; init; }
}
