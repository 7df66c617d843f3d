using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Programs;
using HpcFit.Benchmarks.Report;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Benchmarks.Write;

/// <summary>
/// The write of a run's results, 600,000 elements x 20 columns of poorly compressible doubles, verification and fsync included, into a new
/// file; against h5py writing the same matrix with the same chunks and filters; and into an existing data file, with the journal that
/// undoes a killed write.
/// </summary>
internal sealed class WriteSection(BenchOptions options)
{
    private const int Columns = 20;
    private const long ElementsPerChunk = 131_072;

    private readonly Series _series = new();

    public Section Measure()
    {
        var elements = options.Quick ? 60_000 : 600_000;
        var values = Values(elements);
        var plain = Path.Combine(options.Folder, "results.f64");
        File.WriteAllBytes(plain, MemoryMarshal.AsBytes<double>(values).ToArray());
        var file = Path.Combine(options.Folder, "write.h5");
        // The journal saves only metadata of what the file already contains, so a small study represents a large one.
        var data = Study.Make(options.Folder, 100, 100).Data;
        for (var round = 0; round < options.Rounds; round++)
        {
            _series.Add("ours", Seconds(() => Write(file, values, elements, isNew: true)));
            File.Copy(data, file, overwrite: true);
            _series.Add("journaled", Seconds(() => Write(file, values, elements, isNew: false)));
            if (Peer.WriteMatrix.TryRun(plain, $"{elements}", file) is { } peer)
                _series.Add("h5py", Peer.Figure(peer, "write"));
        }
        File.Delete(file);
        File.Delete(plain);
        var table = new MarkdownTable("write", "seconds", "goal", "x ours", "MB/s of values");
        table.Add(
            $"HpcFit, {Environment.ProcessorCount} threads, verified and synced",
            $"{_series["ours"]}",
            options.Quick ? "" : "1.5",
            "1",
            Speed(elements, "ours")
        );
        table.Add(
            "- into a data file, journaled",
            $"{_series["journaled"]}",
            "",
            $"{_series.Ratio("journaled", "ours")}",
            Speed(elements, "journaled")
        );
        if (_series.Has("h5py"))
            table.Add(
                "h5py, 1 thread, neither verified nor synced",
                $"{_series["h5py"]}",
                "",
                $"{_series.Ratio("h5py", "ours")}",
                Speed(elements, "h5py")
            );
        else
            table.Add("h5py", "not measured", "", "", "");
        return new(
            "Writing results",
            $"{elements:N0} elements x {Columns} columns of float64, shuffle + gzip 1, chunks of 1 MB.",
            table.ToString()
        );
    }

    private static void Write(string file, double[] values, long elements, bool isNew)
    {
        var matrix = new DatasetContent("/results/bench/results_matrix")
        {
            Type = ElementType.Float64,
            Shape = [Columns, elements],
            Chunk = [1, Math.Min(ElementsPerChunk, elements)],
            Filters = DatasetContent.ShuffleGzip(1),
            Source = (region, destination) =>
                values
                    .AsSpan((int)((region.Origin[0] * elements) + region.Origin[1]), (int)region.Extent[1])
                    .CopyTo(MemoryMarshal.Cast<byte, double>(destination)),
        };
        Hdf5Write.Run(
            new()
            {
                File = file,
                NewFile = isNew,
                Overwrite = isNew,
                Contents = [matrix],
            },
            CancellationToken.None
        );
    }

    private static double Seconds(Action work)
    {
        var started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double[] Values(long elements)
    {
        var random = new Normals(7);
        var values = new double[Columns * elements];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.Next();
        return values;
    }

    private string Speed(long elements, string name) =>
        (Columns * elements * sizeof(double) / 1e6 / _series[name].Median).ToString("F0", CultureInfo.InvariantCulture);
}
