using System.Runtime.InteropServices;

namespace HpcFit.Worker.Commands;

/// <summary>
/// Cancels when nobody can write to standard input any more: the process at the other end of the pipe has closed it or has ended, even if
/// it was killed. Reads nothing: command lines that follow a job are for <see cref="AttendCommand"/>.
/// </summary>
internal static partial class ParentWatch
{
    private const int InterruptedBySignal = 4;
    private const int NoLimit = -1;

    /// <summary>One watch, which lasts until the process ends, serves all jobs.</summary>
    private static readonly Lazy<CancellationToken> End = new(Begin);

    /// <summary>Watches until the process ends.</summary>
    /// <returns>A token that is cancelled when the parent has ended, or with <paramref name="signals"/>.</returns>
    public static CancellationToken Start(CancellationToken signals) =>
        CancellationTokenSource.CreateLinkedTokenSource(signals, End.Value).Token;

    private static CancellationToken Begin()
    {
        // Never disposed: the thread may cancel it at any time.
        var source = new CancellationTokenSource();
        new Thread(() => Watch(source)) { Name = "parent watch", IsBackground = true }.Start();
        return source.Token;
    }

    private static void Watch(CancellationTokenSource source)
    {
        // No event is requested: the end of the pipe is reported in any case, and what is written to it is not.
        var input = new Polled();
        while (poll(ref input, 1, NoLimit) < 0 && Marshal.GetLastPInvokeError() == InterruptedBySignal) { }
        source.Cancel();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ref Polled files, nuint count, int milliseconds);

    /// <summary>struct pollfd: standard input, no requested events.</summary>
    private struct Polled
    {
        public int Descriptor;
        public short Requested;
        public short Returned;
    }
}
