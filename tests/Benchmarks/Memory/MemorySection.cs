using System.Globalization;
using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Programs;
using HpcFit.Benchmarks.Report;
using HpcFit.Shared.Runs;

namespace HpcFit.Benchmarks.Memory;

/// <summary>
/// A worker's memory against what the plan predicts (docs/numbers.md), for many subjects, and for ten times the elements.
/// </summary>
internal sealed class MemorySection(BenchOptions options)
{
    private readonly HpcFitPrograms _program = new(options.Root);

    public Section Measure()
    {
        var many = options.Quick ? 10_000 : 40_000;
        var table = new MarkdownTable("data", "threads", "predicted, MB", "peak of the worker, MB", "peak / predicted");
        foreach (
            var (elements, subjects) in new[]
            {
                (2_000L, many),
                (options.Quick ? 4_000 : 20_000L, many),
                (20_000L, options.Subjects),
                (options.Quick ? 60_000 : 200_000L, options.Subjects),
            }
        )
        {
            var study = Study.Make(options.Folder, elements, subjects);
            foreach (var threads in new[] { 1, options.Threads }.Distinct())
                Add(table, study, threads);
        }
        return new(
            "Memory of a worker",
            $"`{HpcFitPrograms.LmFormula}`. Predicted: resident memory of the probe before it fits + threads x memory of a pilot's thread.",
            table.ToString()
        );
    }

    private void Add(MarkdownTable table, Study study, int threads)
    {
        var runFolder = Path.Combine(study.Folder, "run");
        Directories.Clear(runFolder);
        HpcFitPrograms.Require(_program.Run(study, "lm", HpcFitPrograms.LmFormula, runFolder, 1, threads, "--jobs", "1"), "hpcfit run");
        var estimates = RunDirectory.Open(runFolder).Document.Estimates;
        var (worker, _) = _program.Fit(runFolder, 0, threads);
        Directories.Clear(runFolder);
        var predicted = estimates.BaseBytes + (threads * estimates.BytesPerThread);
        table.Add(
            $"{study}",
            $"{threads}",
            Text("F0", predicted / 1e6),
            Text("F0", worker.PeakBytes / 1e6),
            Text("F2", (double)worker.PeakBytes / predicted)
        );
    }

    private static string Text(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);
}
