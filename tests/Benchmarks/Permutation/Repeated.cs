using System.Diagnostics;

namespace HpcFit.Benchmarks.Permutation;

/// <summary>Times work of one thread in this process.</summary>
internal static class Repeated
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(2);

    /// <summary>Processor seconds of a call, the mean of as many as take two seconds after a first one, which compiles.</summary>
    public static double ProcessorSeconds(Action work)
    {
        work();
        using var process = Process.GetCurrentProcess();
        var began = process.TotalProcessorTime;
        var calls = 0;
        TimeSpan taken;
        do
        {
            work();
            calls++;
            process.Refresh();
            taken = process.TotalProcessorTime - began;
        } while (taken < Enough);
        return taken.TotalSeconds / calls;
    }
}
