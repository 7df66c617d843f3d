namespace HpcFit.Worker.Commands;

/// <summary>Cancels when standard input ends: the process at the other end of the pipe has ended, even if it was killed.</summary>
internal static class ParentWatch
{
    /// <summary>Watches until the process ends.</summary>
    /// <returns>A token that is cancelled when the parent has ended, or with <paramref name="signals"/>.</returns>
    public static CancellationToken Start(CancellationToken signals)
    {
        // Never disposed: the thread, blocked in a read that cannot be interrupted, may cancel it at any time.
        var source = CancellationTokenSource.CreateLinkedTokenSource(signals);
        new Thread(() => Watch(source)) { Name = "parent watch", IsBackground = true }.Start();
        return source.Token;
    }

    private static void Watch(CancellationTokenSource source)
    {
        using var input = Console.OpenStandardInput();
        var bytes = new byte[256];
        while (input.Read(bytes) > 0) { }
        source.Cancel();
    }
}
