using System.Globalization;
using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Programs;
using HpcFit.Benchmarks.Report;

namespace HpcFit.Benchmarks.Missing;

/// <summary>
/// lm, and gam on a part, where subjects are missing: in the outer half of the elements every element has its own pattern, so that
/// nothing can be shared between elements. Compared with the same data without gaps, fitted in the same round.
/// </summary>
internal sealed class MissingSection(BenchOptions options)
{
    private const int Subjects = 500;
    private const string GamFormula = "FDC ~ s(Age, k=10) + sex + motion";
    private static readonly double[] Shares = [0.02, 0.3];

    private readonly HpcFitPrograms _program = new(options.Root);
    private readonly Series _series = new();

    public Section Measure()
    {
        var elements = options.Quick ? 30_000 : Math.Min(300_000, options.Elements);
        var studies = Shares.Prepend(0).Select(share => Study.Make(options.Folder, elements, Subjects, share)).ToList();
        foreach (var study in studies)
            Prepare(study, "lm", HpcFitPrograms.LmFormula, options.Threads);
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var study in studies)
            {
                var (worker, phases) = _program.Fit(RunFolder(study), 0, options.Threads);
                _series.Add($"fit {study.MissingShare}", phases["Fit"]);
                _series.Add($"worker {study.MissingShare}", worker);
                _series.Add($"limit {study.MissingShare}", InflateLimit.Seconds(study, options.Threads, ""));
            }
        }
        foreach (var study in studies)
            Directories.Clear(RunFolder(study));
        return new(
            "lm and gam with missing subjects",
            $"{elements:N0} elements x {Subjects} subjects, `{HpcFitPrograms.LmFormula}`, 1 process x {options.Threads} threads.",
            Table(studies),
            Rebuilt()
        );
    }

    /// <summary>gam: a basis for every pattern of missing subjects, the cost of an element with a pattern of its own.</summary>
    private string Rebuilt()
    {
        var elements = options.Quick ? 2_000 : 10_000;
        var studies = Shares.Prepend(0).Select(share => Study.Make(options.Folder, elements, Subjects, share)).ToList();
        foreach (var study in studies)
            Prepare(study, "gam", GamFormula, 1, "--method", "REML");
        for (var round = 0; round < options.Rounds; round++)
            foreach (var study in studies)
                _series.Add($"gam {study.MissingShare}", _program.Fit(RunFolder(study), 0, 1).Phases["Fit"]);
        var table = new MarkdownTable("data", "fitting, seconds", "ms per pattern above no gaps", "goal");
        foreach (var study in studies)
        {
            var (share, seconds) = (study.MissingShare, _series[$"gam {study.MissingShare}"]);
            var above = (seconds.Median - _series["gam 0"].Median) / (elements / 2.0) * 1e3;
            table.Add(
                Name(share),
                $"{seconds}",
                share == 0 ? "" : above.ToString("F2", CultureInfo.InvariantCulture),
                share == 0 ? "" : "3"
            );
            Directories.Clear(RunFolder(study));
        }
        return $"{elements:N0} elements x {Subjects} subjects, gam, `{GamFormula}`, REML, 1 thread:\n\n{table}";
    }

    private string Table(IReadOnlyList<Study> studies)
    {
        var table = new MarkdownTable(
            "data",
            "fitting, seconds",
            "x without gaps",
            "goal",
            "x its own limit",
            "processor seconds of the worker"
        );
        foreach (var share in studies.Select(study => study.MissingShare))
        {
            table.Add(
                Name(share),
                $"{_series[$"fit {share}"]}",
                share == 0 ? "1" : $"{_series.Ratio($"fit {share}", "fit 0")}",
                share == 0 ? "" : "3",
                $"{_series.Ratio($"fit {share}", $"limit {share}")}",
                $"{_series.ProcessorSeconds($"worker {share}")}"
            );
        }
        return table.ToString();
    }

    private static string Name(double share) => share == 0 ? "no gaps" : $"{share:P0} missing in the outer half, one pattern per element";

    private void Prepare(Study study, string model, string formula, int threads, params string[] more)
    {
        Directories.Clear(RunFolder(study));
        HpcFitPrograms.Require(
            _program.Run(study, model, formula, RunFolder(study), 1, threads, ["--jobs", "1", .. more]),
            $"hpcfit run ({model})"
        );
    }

    private static string RunFolder(Study study) => Path.Combine(study.Folder, "run");
}
