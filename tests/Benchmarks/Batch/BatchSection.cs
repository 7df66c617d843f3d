using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Programs;
using HpcFit.Benchmarks.Report;

namespace HpcFit.Benchmarks.Batch;

/// <summary>Twelve lm models of one scalar in one pass over the file, against one of them alone in the same round.</summary>
internal sealed class BatchSection(BenchOptions options)
{
    private const int Subjects = 500;

    private static readonly string[] Predictors =
    [
        "Age",
        "sex",
        "motion",
        "Age + sex",
        "Age + motion",
        "sex + motion",
        "Age + sex + motion",
        "Age * sex",
        "Age * motion",
        "sex * motion",
        "Age * sex + motion",
        "Age * sex * motion",
    ];

    private readonly HpcFitPrograms _program = new(options.Root);
    private readonly Series _series = new();

    public Section Measure()
    {
        var study = Study.Make(options.Folder, options.Quick ? 30_000 : Math.Min(300_000, options.Elements), Subjects);
        var (one, twelve) = (Path.Combine(study.Folder, "run-one"), Path.Combine(study.Folder, "run-twelve"));
        Prepare(study, one, ["--formula", HpcFitPrograms.LmFormula, "--analysis", "bench"]);
        Prepare(study, twelve, [.. Predictors.SelectMany(model => (string[])["--formula", $"FDC ~ {model}"]), "--analysis", "bench{n}"]);
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var (name, folder) in new[] { ("one", one), ("twelve", twelve) })
            {
                var (worker, phases) = _program.Fit(folder, 0, options.Threads);
                _series.Add(name, worker);
                _series.Add($"fit {name}", phases["Fit"]);
                foreach (
                    var member in Directory.GetDirectories(folder).Select(path => Path.Combine(path, "partials")).Where(Directory.Exists)
                )
                    Directories.Clear(member, andCreate: true);
            }
        }
        Directories.Clear(one);
        Directories.Clear(twelve);
        var table = new MarkdownTable("models", "worker, seconds", "x one model", "goal", "processor seconds", "x one model");
        table.Add("1", $"{_series["one"]}", "1", "", $"{_series.ProcessorSeconds("one")}", "1");
        table.Add(
            $"{Predictors.Length} in one pass",
            $"{_series["twelve"]}",
            $"{_series.Ratio("twelve", "one")}",
            "4",
            $"{_series.ProcessorSeconds("twelve")}",
            $"{_series.ProcessorRatio("twelve", "one")}"
        );
        return new(
            "Several models in one pass",
            $"{study}, lm, 1 process x {options.Threads} threads; the one model is `{HpcFitPrograms.LmFormula}`.",
            table.ToString()
        );
    }

    private void Prepare(Study study, string folder, string[] models)
    {
        Directories.Clear(folder);
        string[] command =
        [
            "run",
            "--model",
            "lm",
            "--data",
            study.Data,
            "--phenotypes",
            study.Cohort,
            "--run-dir",
            folder,
            "--output",
            Path.Combine(study.Folder, "results.h5"),
            "--overwrite",
            "--jobs",
            "1",
            .. models,
        ];
        HpcFitPrograms.Require(Runner.Run(_program.Coordinator, command), "hpcfit run");
    }
}
