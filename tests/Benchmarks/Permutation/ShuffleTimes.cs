using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Programs;
using HpcFit.Benchmarks.Report;

namespace HpcFit.Benchmarks.Permutation;

/// <summary>
/// The maximum statistic of whole runs: the rate of its products, whether time is linear in shuffles and elements, memory, and the time of
/// a plain fit.
/// </summary>
internal sealed class ShuffleTimes(BenchOptions options)
{
    private const string Formula = "FDC ~ Age * sex + motion";

    /// <summary>Products per element, subject and shuffle: of the columns of the basis, without the constant.</summary>
    public const int Products = 4;

    /// <summary>The F test of the model.</summary>
    public const string FTest = "sex";

    /// <summary>The contrasts of the model.</summary>
    public static readonly string[] Contrasts = ["age: Age", "both: Age + 0.5*Age:sexM"];

    private readonly HpcFitPrograms _program = new(options.Root);
    private readonly int _few = options.Quick ? 200 : 1_000;
    private readonly long _elements = options.Quick ? 2_000 : 10_000;

    /// <summary>Measures, and describes what was measured.</summary>
    public IReadOnlyList<string> Measure()
    {
        var limit = ProductLimit.Measure();
        var kernel = new KernelTimes(options, limit).Measure();
        var table = new MarkdownTable(
            "elements",
            "shuffles",
            "processor seconds of the worker",
            "GFLOP/s per processor",
            "of the limit",
            "peak MB of the worker"
        );
        foreach (
            var (elements, shuffles) in new[] { (_elements, _few), (_elements, 2 * _few), (_elements, 4 * _few), (2 * _elements, 2 * _few) }
        )
        {
            var worker = Worker(elements, "--permutations", $"{shuffles}");
            var operations = 2.0 * options.Subjects * elements * Products * shuffles;
            var rate = operations / worker.ProcessorSeconds;
            table.Add(
                $"{elements:N0}",
                $"{shuffles:N0}",
                $"{worker.ProcessorSeconds:F2}",
                $"{rate / 1e9:F1}",
                $"{rate / limit:P0}",
                $"{worker.PeakBytes / 1e6:F0}"
            );
        }
        var plain = Worker(_elements);
        var permuted = Worker(_elements, "--permutations", $"{4 * _few}");
        return
        [
            $"Maximum statistic of {options.Subjects:N0} subjects, `{Formula}`, two contrasts and an F test, {options.Threads} threads; "
                + "processor seconds of the whole worker process, start, reading, counts and statistics included. The limit is the rate of "
                + $"fused multiply-adds from registers, {limit / 1e9:F1} GFLOP/s on one thread, which no matrix product exceeds.",
            table.ToString(),
            .. kernel,
            $"A shuffle of all hypotheses takes {permuted.ProcessorSeconds / (4 * _few) * 1e3:F2} ms at {_elements:N0} elements; a worker "
                + $"that fits the model once, {plain.ProcessorSeconds * 1e3:F0} ms: "
                + $"{plain.ProcessorSeconds * 4 * _few / permuted.ProcessorSeconds:F0} times as much.",
        ];
    }

    /// <summary>One worker process that does all of a run.</summary>
    private Measured Worker(long elements, params string[] more)
    {
        var study = Study.Make(options.Folder, elements, options.Subjects);
        var run = Path.Combine(study.Folder, "run-permuted");
        Directories.Clear(run);
        string[] tests = [.. Contrasts.SelectMany(text => new[] { "--contrast", text }), "--f-test", FTest];
        HpcFitPrograms.Require(
            _program.Run(study, "lm", Formula, run, 1, options.Threads, [.. tests, "--jobs", "1", .. more]),
            "hpcfit run"
        );
        var (worker, _) = _program.Fit(run, 0, options.Threads);
        Directories.Clear(run);
        return worker;
    }
}
