using System.Runtime.InteropServices;

namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>Signals by number, to one process that a test started.</summary>
internal static partial class NativeSignal
{
    public const int Hangup = 1;

    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    public static void Send(int pid, int signal)
    {
        pid.ShouldBeGreaterThan(1);
        _ = kill(pid, signal);
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
