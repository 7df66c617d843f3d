using System.Diagnostics;
using HpcFit.Benchmarks.Data;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Stripes;

namespace HpcFit.Benchmarks.Measuring;

/// <summary>The limit: every stored chunk is read and inflated once, by as many threads, without any other work.</summary>
internal static class InflateLimit
{
    /// <summary>The seconds it takes; the chunk index is read before the clock starts.</summary>
    /// <param name="study">The file.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="inflater"><c>libdeflate</c> or <c>zlib</c>.</param>
    public static double Seconds(Study study, int threads, string inflater) => Measure(study, threads, inflater).Seconds;

    /// <summary>The same with the processor time of its threads.</summary>
    public static (double Seconds, double ProcessorSeconds) Measure(Study study, int threads, string inflater)
    {
        var file = ModelArrayFile.Open(study.Data);
        using var source = StripeSource.Open(file, file.Scalar("FDC"));
        var next = -1;
        var inflated = new long[threads];
        var workers = Enumerable.Range(0, threads).Select(number => new Thread(() => inflated[number] = Work())).ToList();
        var processorBefore = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        foreach (var worker in workers)
            worker.Start();
        foreach (var worker in workers)
            worker.Join();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (inflated.Sum() < study.InflatedBytes)
            throw new InvalidOperationException($"'{study.Data}' could not be inflated.");
        return (seconds, (Environment.CpuUsage.TotalTime - processorBefore).TotalSeconds);

        long Work()
        {
            using var inflate = Inflaters.Create(inflater);
            var (stored, values, bytes) = (Array.Empty<byte>(), new byte[source.ChunkBytes], 0L);
            for (int chunk; (chunk = Interlocked.Increment(ref next)) < source.Index!.Count; )
            {
                var location = source.Index[chunk];
                if (stored.Length < location.Size)
                    stored = new byte[location.Size + (location.Size / 8)];
                var read = PositionalRead.Fill(source.Data, stored.AsSpan(0, (int)location.Size), location.Address);
                if (inflate.Inflate(stored.AsMemory(0, read), values) is null)
                    bytes += values.Length;
            }
            return bytes;
        }
    }
}
