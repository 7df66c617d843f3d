using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Report;
using HpcFit.Worker.Enhancing.Connectivity;

namespace HpcFit.Benchmarks.Permutation;

/// <summary>CFE of one thread, for several numbers of connections, and fixelcfestats on the same files.</summary>
internal sealed class CfeTimes(BenchOptions options)
{
    private const string Peer = "/usr/bin/fixelcfestats";
    private const int FewShuffles = 4;

    private readonly int _fixels = options.Quick ? 1_500 : 6_000;
    private readonly int _subjects = options.Quick ? 60 : 300;
    private readonly int _moreShuffles = options.Quick ? 14 : 24;

    /// <summary>Measures, and describes what was measured.</summary>
    public IReadOnlyList<string> Measure()
    {
        var study = FixelStudy.Make(Path.Combine(options.Folder, "cfe"), _fixels, _subjects);
        var table = new MarkdownTable(
            "connections",
            "processor ms per map, both signs",
            "ns per connection",
            "fixelcfestats, processor ms per shuffle, one sign",
            "ratio"
        );
        foreach (var perFixel in (int[])[100, 200, 400])
        {
            var connectivity = study.MakeConnectivity(perFixel);
            var (seconds, connections) = Ours(connectivity);
            var theirs = perFixel == 200 ? Theirs(study, connectivity) : null;
            table.Add(
                $"{connections:N0}",
                $"{seconds * 1e3:F2}",
                $"{seconds * 1e9 / connections:F2}",
                theirs is null ? "" : $"{theirs * 1e3:F0}",
                theirs is null ? "" : $"{theirs / seconds:F0}"
            );
        }
        return
        [
            $"CFE of {_fixels:N0} fixels, one thread, E 2, H 3, C 0.5, dh 0.1. fixelcfestats with {_subjects} subjects and one thread: the "
                + "difference between runs with more and with fewer shuffles, which includes its fits (ours do not).",
            table.ToString(),
        ];
    }

    /// <summary>Seconds per map, and the number of connections.</summary>
    private (double Seconds, long Connections) Ours(string connectivity)
    {
        using var matrix = ConnectivityMatrix.Open(connectivity, _fixels);
        var enhancement = new CfeEnhancement(matrix, new());
        using var enhancer = enhancement.CreateEnhancer();
        var maps = FixelStudy.SmoothNoise(new Normals(3), _fixels * enhancement.MapsPerCall);
        var enhanced = new float[maps.Length];
        return (Repeated.ProcessorSeconds(() => enhancer.Enhance(maps, default, enhanced)) / enhancement.MapsPerCall, matrix.Connections);
    }

    /// <summary>Processor seconds per shuffle; null: not installed.</summary>
    private double? Theirs(FixelStudy study, string connectivity)
    {
        if (!File.Exists(Peer))
            return null;
        var (few, more) = (Run(study, connectivity, FewShuffles), Run(study, connectivity, _moreShuffles));
        return (more.ProcessorSeconds - few.ProcessorSeconds) / (_moreShuffles - FewShuffles);
    }

    private static Measured Run(FixelStudy study, string connectivity, int shuffles)
    {
        string[] files = [study.Path("fixels"), study.Path("images.txt"), study.Path("design.txt"), study.Path("contrast.txt")];
        string[] switches = ["-quiet", "-force", "-nthreads", "0", "-nshuffles", $"{shuffles}"];
        var run = Runner.Run(Peer, [.. switches, .. files, connectivity, study.Path("out")]);
        return run.ExitCode == 0 ? run : throw new InvalidOperationException($"fixelcfestats failed:\n{run.Errors}");
    }
}
