using System.Diagnostics;

namespace HpcFit.Benchmarks.Measuring;

/// <summary>What the disk gives: a file read from its beginning to its end by one thread, and nothing done with it.</summary>
internal static class DiskRead
{
    private const int BytesAtATime = 4 << 20;

    /// <summary>Seconds it takes.</summary>
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
