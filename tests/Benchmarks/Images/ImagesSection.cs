using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Programs;
using HpcFit.Benchmarks.Report;

namespace HpcFit.Benchmarks.Images;

/// <summary>
/// How quickly a cohort of volumes becomes an HDF5 file, against a script written by hand, and whether memory stays constant with
/// four times as many subjects. Noise compresses worse than brains do, so both spend more on gzip than with real images.
/// </summary>
internal sealed class ImagesSection(BenchOptions options)
{
    private readonly HpcFitPrograms _program = new(options.Root);
    private readonly Series _series = new();

    public Section Measure()
    {
        var volumes = options.Quick ? 50 : 200;
        var folder = Path.Combine(options.Folder, $"volumes-{volumes}");
        if (Peer.MakeVolumes.TryRun(folder, $"{volumes}") is null)
            return new("Images in", "Not measured: python3-nibabel or python3-h5py is not installed.");
        for (var round = 0; round < options.Rounds; round++)
        {
            if (Peer.ConvertVolumes.TryRun(folder, Fresh(folder, "script.h5")) is { } script)
                _series.Add("script", script);
            _series.Add("convert", Convert(folder, "cohort.csv"));
            _series.Add("four", Convert(folder, "four.csv"));
        }
        var table = new MarkdownTable("command", "seconds", "processor seconds", "peak MB", "goal");
        Add("script by hand (nibabel + h5py, 1 thread)", "script", "");
        Add($"`hpcfit convert`, {options.Threads} threads", "convert", "script / 3, 500 MB");
        Add($"`hpcfit convert`, {4 * volumes} volumes", "four", "the same MB");
        var ratio = _series.Has("script")
            ? $"The script takes {_series.Ratio("script", "convert")} times as long."
            : "The script could not be measured.";
        return new(
            "Images in",
            $"{volumes} volumes of 96 x 96 x 96, float32 `.nii.gz`, a mask of 150,920 voxels; float32, gzip 4 + shuffle, chunks of 2 MiB.",
            table.ToString(),
            ratio
        );

        void Add(string name, string series, string goal)
        {
            if (_series.Has(series))
                table.Add(name, $"{_series[series]}", $"{_series.ProcessorSeconds(series)}", $"{_series.Peak(series) / 1_000_000}", goal);
        }
    }

    private Measured Convert(string folder, string cohort) =>
        HpcFitPrograms.Require(
            Runner.Run(
                _program.Coordinator,
                [
                    "convert",
                    "--cohort",
                    Path.Combine(folder, cohort),
                    "--mask",
                    Path.Combine(folder, "mask.nii.gz"),
                    "--output",
                    Fresh(folder, "convert.h5"),
                    "--threads",
                    $"{options.Threads}",
                ]
            ),
            "hpcfit convert"
        );

    private static string Fresh(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        File.Delete(path);
        return path;
    }
}
