using System.Runtime.InteropServices;

namespace HpcFit.Benchmarks.Measuring;

/// <summary>What the kernel counted for this process's ended children and theirs: getrusage(RUSAGE_CHILDREN).</summary>
internal static partial class ChildUsage
{
    private const int OfChildren = -1;

    /// <summary>Processor seconds, and the largest resident memory that any one of them had.</summary>
    public static (double ProcessorSeconds, long PeakBytes) Read()
    {
        if (getrusage(OfChildren, out var usage) != 0)
            throw new InvalidOperationException("getrusage failed.");
        return (usage.User.Seconds + usage.System.Seconds, usage.MaxResidentKilobytes * 1024);
    }

    [LibraryImport("libc")]
    private static partial int getrusage(int who, out Usage usage);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long WholeSeconds;
        public long Microseconds;

        public readonly double Seconds => WholeSeconds + (Microseconds * 1e-6);
    }

    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public Time User;
        public Time System;
        public long MaxResidentKilobytes;
    }
}
