using System.Diagnostics;

namespace HpcFit.Benchmarks.Measuring;

/// <summary>The disk's throughput: one thread reads a file sequentially.</summary>
internal static class DiskRead
{
    private const int BytesAtATime = 4 << 20;

    /// <summary>The seconds it takes.</summary>
    public static double Seconds(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        var buffer = new byte[BytesAtATime];
        var started = Stopwatch.GetTimestamp();
        for (long at = 0; RandomAccess.Read(file, buffer, at) is var read and > 0; )
            at += read;
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
