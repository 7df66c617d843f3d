namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>How long to wait before a command that met a busy controller is tried again.</summary>
/// <param name="Pauses">One pause before each further try, in order; when they are used up, the failure stands.</param>
/// <param name="Sleep">Waits, or throws when the token is cancelled.</param>
internal sealed record BackOff(IReadOnlyList<TimeSpan> Pauses, Action<TimeSpan, CancellationToken> Sleep)
{
    /// <summary>For commands on which the run depends: about two minutes in all, longer than a controller takes to restart.</summary>
    public static BackOff Patient { get; } =
        new([.. ((int[])[1, 2, 4, 8, 15, 15, 30, 30, 30]).Select(seconds => TimeSpan.FromSeconds(seconds))], SleepFor);

    /// <summary>For somebody who only looks: no second try.</summary>
    public static BackOff None { get; } = new([], SleepFor);

    private static void SleepFor(TimeSpan pause, CancellationToken token)
    {
        if (token.WaitHandle.WaitOne(pause))
            token.ThrowIfCancellationRequested();
    }
}
