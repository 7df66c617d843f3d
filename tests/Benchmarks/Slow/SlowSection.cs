using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Programs;
using HpcFit.Benchmarks.Report;

namespace HpcFit.Benchmarks.Slow;

/// <summary>
/// A small file, one stripe, whose elements take a quarter of a second in a function of R that waits: how far workers and threads share it.
/// </summary>
internal sealed class SlowSection(BenchOptions options)
{
    private const int Elements = 40;
    private const int Subjects = 100;
    private const string Function = "slow <- function(data) { Sys.sleep(0.25); data.frame(mean = mean(data$FDC)) }\n";

    private readonly HpcFitPrograms _program = new(options.Root);
    private readonly Series _series = new();

    public Section Measure()
    {
        if (!File.Exists("/usr/bin/Rscript"))
            return new("Slow functions", "Not measured: R is not installed.");
        var study = Study.Make(options.Folder, Elements, Subjects);
        var function = Path.Combine(study.Folder, "slow.R");
        File.WriteAllText(function, Function);
        (string Name, int Workers, int Threads)[] ways = [("1", 1, 1), ("2", 2, 1), ("4", 4, 1), ("1 of 4 threads", 1, 4)];
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var (name, workers, threads) in ways)
                _series.Add(name, Run(study, function, workers, threads));
        }
        var table = new MarkdownTable("workers", "seconds", "x one worker");
        foreach (var (name, _, _) in ways)
            table.Add(name, $"{_series[name]}", name == "1" ? "1" : $"{_series.Ratio(name, "1")}");
        return new("Slow functions", $"{study} in one stripe; a function in R that takes 0.25 s per element.", table.ToString());
    }

    private Measured Run(Study study, string function, int workers, int threads)
    {
        var folder = Path.Combine(study.Folder, "run-slow");
        Directories.Clear(folder);
        string[] command =
        [
            "run",
            "--model",
            "custom",
            "--function",
            function,
            "--data",
            study.Data,
            "--phenotypes",
            study.Cohort,
            "--analysis",
            "slow",
            "--run-dir",
            folder,
            "--output",
            Path.Combine(study.Folder, "slow.h5"),
            "--overwrite",
            "--workers",
            $"{workers}",
            "--threads",
            $"{threads}",
        ];
        return HpcFitPrograms.Require(Runner.Run(_program.Coordinator, command), "hpcfit run");
    }
}
