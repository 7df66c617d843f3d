using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Programs;
using HpcFit.Benchmarks.Report;

namespace HpcFit.Benchmarks.Permutation;

/// <summary>A whole run with CFE and fixelcfestats on the same images, design and connectivity.</summary>
internal sealed class FixelRuns(BenchOptions options)
{
    private const string Peer = "/usr/bin/fixelcfestats";
    private const int FewShuffles = 4;
    private const int MoreShuffles = 24;
    private const int PerFixel = 200;

    /// <summary>
    /// The same work of both programs: what it is, the option of ours, the contrasts of the other, which tests one sign per contrast, and
    /// how many times faster ours is meant to be.
    /// </summary>
    private static readonly (string Signs, string Alternative, string Contrasts, string Goal)[] Compared =
    [
        ("both signs", "two-sided", "both.txt", "250"),
        ("one sign", "greater", "contrast.txt", ""),
    ];

    private readonly HpcFitPrograms _program = new(options.Root);
    private readonly int _fixels = options.Quick ? 1_500 : 6_000;
    private readonly int _subjects = options.Quick ? 60 : 300;
    private readonly int _shuffles = options.Quick ? 500 : 5_000;

    /// <summary>Measures, and describes what was measured.</summary>
    public IReadOnlyList<string> Measure()
    {
        var study = FixelStudy.Make(Path.Combine(options.Folder, "fixel-runs"), _fixels, _subjects);
        var connectivity = study.MakeConnectivity(PerFixel);
        var table = new MarkdownTable(
            $"{_shuffles:N0} shuffles, {options.Threads} threads",
            "processor seconds",
            "ratio",
            "goal",
            "seconds"
        );
        File.WriteAllText(study.Path("both.txt"), "0 1 0 0\n0 -1 0 0\n");
        foreach (var (signs, alternative, contrasts, goal) in Compared)
        {
            var ours = Ours(study, connectivity, alternative);
            var seconds = $"{ours.Seconds:F1}";
            table.Add($"hpcfit run, {signs} (--alternative {alternative}), whole command", $"{ours.ProcessorSeconds:F1}", "1", "", seconds);
            if (!File.Exists(Peer))
            {
                table.Add($"fixelcfestats, {signs}", "not measured", "", goal, "");
                continue;
            }
            var (more, few) = (Theirs(study, connectivity, contrasts, MoreShuffles), Theirs(study, connectivity, contrasts, FewShuffles));
            var all = (more - few) / (MoreShuffles - FewShuffles) * _shuffles;
            table.Add(
                $"fixelcfestats, {signs}, {_shuffles:N0} × its time per shuffle",
                $"{all:F0}",
                $"{all / ours.ProcessorSeconds:F0}",
                goal,
                ""
            );
        }
        return
        [
            $"{_fixels:N0} fixels, {_subjects} subjects, {PerFixel * _fixels:N0} connections. fixelcfestats' time per shuffle is the "
                + $"difference between runs with {MoreShuffles} and {FewShuffles} shuffles; it tests one sign per contrast.",
            table.ToString(),
        ];
    }

    private Measured Ours(FixelStudy study, string connectivity, string alternative)
    {
        var (cohort, data, run) = (study.Path("cohort.csv"), study.Path("data.h5"), study.Path("run"));
        var rows = File.ReadAllLines(study.Path("design.txt"))
            .Select((row, i) => $"{study.Path($"fixels/{i}.mif")},FD,{string.Join(',', row.Split(' ')[1..])}");
        File.WriteAllLines(cohort, rows.Prepend("source_file,scalar_name,group,a,b"));
        string[] fixels = ["--index-file", study.Path("fixels/index.mif"), "--directions-file", study.Path("fixels/directions.mif")];
        HpcFitPrograms.Require(
            Runner.Run(_program.Coordinator, ["convert", "--cohort", cohort, "--output", data, "--overwrite", .. fixels]),
            "hpcfit convert"
        );
        Directories.Clear(run);
        string[] model = ["--model", "lm", "--formula", "FD ~ group + a + b", "--contrast", "g: group"];
        string[] tests = ["--permutations", $"{_shuffles}", "--alternative", alternative];
        string[] enhancement = ["--enhance", "cfe", "--cfe", connectivity, "--workers", "1", "--threads", $"{options.Threads}"];
        string[] files =
        [
            "--data",
            data,
            "--phenotypes",
            cohort,
            "--analysis",
            "cfe",
            "--run-dir",
            run,
            "--output",
            study.Path("out.h5"),
            "--overwrite",
        ];
        return HpcFitPrograms.Require(
            Runner.Run(_program.Coordinator, ["run", .. model, .. tests, .. enhancement, .. files]),
            "hpcfit run"
        );
    }

    /// <summary>Processor seconds of a run.</summary>
    private double Theirs(FixelStudy study, string connectivity, string contrasts, int shuffles)
    {
        string[] files = [study.Path("fixels"), study.Path("images.txt"), study.Path("design.txt"), study.Path(contrasts)];
        string[] switches = ["-quiet", "-force", "-nthreads", $"{options.Threads}", "-nshuffles", $"{shuffles}"];
        return HpcFitPrograms
            .Require(Runner.Run(Peer, [.. switches, .. files, connectivity, study.Path("out")]), "fixelcfestats")
            .ProcessorSeconds;
    }
}
