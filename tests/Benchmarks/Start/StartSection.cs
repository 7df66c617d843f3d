using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Programs;
using HpcFit.Benchmarks.Report;

namespace HpcFit.Benchmarks.Start;

/// <summary>The cost of starting processes: a run of 100 elements consists of little else. Every array task pays the worker's.</summary>
internal sealed class StartSection(BenchOptions options)
{
    private const int Elements = 100;
    private const int Subjects = 100;

    private readonly HpcFitPrograms _program = new(options.Root);
    private readonly Series _series = new();

    public Section Measure()
    {
        var study = Study.Make(options.Folder, Elements, Subjects);
        var runFolder = Path.Combine(study.Folder, "run");
        for (var round = 0; round < Math.Max(5, options.Rounds); round++)
        {
            Directories.Clear(runFolder);
            _series.Add("version", Runner.Run(_program.Coordinator, ["--version"]));
            var run = HpcFitPrograms.Require(_program.Run(study, "lm", HpcFitPrograms.LmFormula, runFolder, 1, 1), "hpcfit run");
            _series.Add("run", run);
            foreach (var (phase, seconds) in HpcFitPrograms.Phases(run))
                _series.Add($"phase {phase}", seconds);
            var (worker, phases) = _program.Fit(runFolder, 0, 1);
            _series.Add("worker", worker);
            foreach (var (name, seconds) in phases)
                _series.Add($"of the worker: {name}", seconds);
        }
        Directories.Clear(runFolder);
        var table = new MarkdownTable("command", "seconds", "goal", "processor seconds");
        table.Add(
            "`hpcfit --version`: the launcher and the runtime",
            $"{_series["version"]}",
            "",
            $"{_series.ProcessorSeconds("version")}"
        );
        table.Add(
            $"`hpcfit run`, {Elements} elements, launcher to closed file",
            $"{_series["run"]}",
            "0.6",
            $"{_series.ProcessorSeconds("run")}"
        );
        foreach (var phase in _series.Names("phase "))
            table.Add($"- {phase}, as it prints it", $"{_series[$"phase {phase}"]}", "", "");
        table.Add(
            "`hpcfit-worker fit` alone: the cost of an array task",
            $"{_series["worker"]}",
            "",
            $"{_series.ProcessorSeconds("worker")}"
        );
        foreach (var phase in _series.Names("of the worker: "))
            table.Add($"- {phase}, as it logs it", $"{_series[$"of the worker: {phase}"]}", "", "");
        return new("Start to finish", $"{study}.", table.ToString());
    }
}
