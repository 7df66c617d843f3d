using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HpcFit.Worker.Probing;

/// <summary>
/// Measures the cost of work. For arithmetic it is the processor time of the calling thread, which does not depend on other programs; for
/// user code, which runs in another process, it is elapsed time.
/// </summary>
/// <param name="ofProcessor">Whether the thread's processor time counts.</param>
internal readonly partial struct ThreadClock(bool ofProcessor)
{
    private const int ThreadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Seconds since an arbitrary moment: only differences of two readings by one thread are meaningful.</summary>
    public double Seconds
    {
        get
        {
            if (ofProcessor && clock_gettime(ThreadProcessorTime, out var now) == 0)
                return now.Seconds + (1e-9 * now.Nanoseconds);
            return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        }
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Time time);

    /// <summary><c>struct timespec</c> of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
