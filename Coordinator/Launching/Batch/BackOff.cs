namespace HpcFit.Coordinator.Launching.Batch;

/// <summary>How long to wait before a command is retried that a busy controller refused.</summary>
/// <param name="Pauses">One pause before each retry, in order; without one left, the failure is final.</param>
/// <param name="Sleep">Waits, or throws when the token is cancelled.</param>
internal sealed record BackOff(IReadOnlyList<TimeSpan> Pauses, Action<TimeSpan, CancellationToken> Sleep)
{
    /// <summary>For commands on which the run depends: about two minutes in all, longer than a controller takes to restart.</summary>
    public static BackOff Patient { get; } =
        new([.. ((int[])[1, 2, 4, 8, 15, 15, 30, 30, 30]).Select(seconds => TimeSpan.FromSeconds(seconds))], SleepFor);

    /// <summary>For commands that only display: no retry.</summary>
    public static BackOff None { get; } = new([], SleepFor);

    private static void SleepFor(TimeSpan pause, CancellationToken token)
    {
        if (token.WaitHandle.WaitOne(pause))
            token.ThrowIfCancellationRequested();
    }
}
