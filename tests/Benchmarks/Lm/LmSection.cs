using System.Globalization;
using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Programs;
using HpcFit.Benchmarks.Report;
using HpcFit.Shared.Hdf5.Filters;

namespace HpcFit.Benchmarks.Lm;

/// <summary>
/// lm on the main study: how far fitting is from reading and inflating alone, where a whole run's time goes, and what the same work takes
/// by hand. Every round measures each thing once, one after the other, and ratios are taken within a round.
/// </summary>
internal sealed class LmSection(BenchOptions options)
{
    private const int MostScriptRounds = 2;

    private readonly HpcFitPrograms _program = new(options.Root);
    private readonly Series _series = new();

    public Section Measure()
    {
        var study = Study.Make(options.Folder, options.Elements, options.Subjects);
        var runFolder = Path.Combine(study.Folder, "run");
        Prepare(study, runFolder);
        for (var round = 0; round < options.Rounds; round++)
            Round(study, runFolder, round);
        Cold(study, runFolder);
        Directory.Delete(runFolder, recursive: true);
        return new(
            "lm",
            $"{study}, float32, gzip 4 + shuffle, {study.StoredBytes / 1e9:F2} GB stored, {study.InflatedBytes / 1e9:F2} GB inflated; "
                + $"`{HpcFitPrograms.LmFormula}`, default outputs. "
                + $"The limit reads and inflates every chunk once with {options.Threads} threads and does nothing else. Figures: "
                + "median (minimum-maximum).",
            Fitting(study),
            "Whole command lines, from the launcher to the closed file:",
            Whole(study),
            "The phases of a run, as it prints them:",
            Phases()
        );
    }

    private void Prepare(Study study, string runFolder)
    {
        Directories.Clear(runFolder);
        HpcFitPrograms.Require(
            _program.Run(study, "lm", HpcFitPrograms.LmFormula, runFolder, 1, options.Threads, "--jobs", "1"),
            "hpcfit run"
        );
    }

    private void Round(Study study, string runFolder, int round)
    {
        Console.Error.WriteLine($"bench: lm, round {round + 1} of {options.Rounds}");
        if (LibdeflateInflater.IsAvailable)
            Fit(study, runFolder, "libdeflate");
        Fit(study, runFolder, "zlib");
        Whole(study, "one process", 1, options.Threads);
        Whole(study, "processes", options.Threads, 1);
        if (round < MostScriptRounds && Peer.ByHand.TryRun(study.Data, study.Cohort, Path.Combine(study.Folder, "script.h5")) is { } script)
        {
            _series.Add("script", script);
            _series.Add("script fit", Peer.Figure(script, "fit"));
        }
    }

    private void Fit(Study study, string runFolder, string inflater)
    {
        var (limit, limitProcessor) = InflateLimit.Measure(study, options.Threads, inflater);
        _series.Add($"limit {inflater}", limit);
        _series.Add($"limit processor {inflater}", limitProcessor);
        var (process, phases) = _program.Fit(
            runFolder,
            0,
            options.Threads,
            new Dictionary<string, string> { [Inflaters.Variable] = inflater }
        );
        _series.Add($"worker {inflater}", process);
        foreach (var (name, seconds) in phases)
            _series.Add($"{name} {inflater}", seconds);
    }

    private void Whole(Study study, string name, int workers, int threads)
    {
        var folder = Path.Combine(study.Folder, "run-whole");
        Directories.Clear(folder);
        var run = HpcFitPrograms.Require(_program.Run(study, "lm", HpcFitPrograms.LmFormula, folder, workers, threads), "hpcfit run");
        _series.Add(name, run);
        foreach (var (phase, seconds) in HpcFitPrograms.Phases(run))
            _series.Add($"phase {name}: {phase}", seconds);
        Directories.Clear(folder);
    }

    private void Cold(Study study, string runFolder)
    {
        Console.Error.WriteLine("bench: lm, cold file");
        // Fills the caches below this machine's own (of the host or a file server), which it cannot empty.
        PageCache.Drop(study.Data);
        DiskRead.Seconds(study.Data);
        for (var round = 0; round < options.Rounds; round++)
        {
            PageCache.Drop(study.Data);
            _series.Add("disk", DiskRead.Seconds(study.Data));
            PageCache.Drop(study.Data);
            _series.Add("limit cold", InflateLimit.Seconds(study, options.Threads, ""));
            PageCache.Drop(study.Data);
            var (process, phases) = _program.Fit(runFolder, 0, options.Threads);
            _series.Add("worker cold", process);
            _series.Add("Fit cold", phases["Fit"]);
        }
    }

    private string Fitting(Study study)
    {
        var table = new MarkdownTable(
            "phase",
            "seconds",
            "x limit",
            "goal",
            "ns per element",
            "processors busy",
            "peak MB",
            "processor seconds",
            "x limit's"
        );
        foreach (var inflater in new[] { "libdeflate", "zlib" })
        {
            if (!_series.Has($"limit {inflater}"))
            {
                table.Add($"limit, {inflater}", "not measured", "", "", "", "", "", "", "");
                continue;
            }
            table.Add(
                $"limit, {inflater}",
                $"{_series[$"limit {inflater}"]}",
                "1",
                "",
                PerElement(study, $"limit {inflater}"),
                "",
                "",
                $"{_series[$"limit processor {inflater}"]}",
                "1"
            );
            table.Add(
                $"fitting, {inflater}",
                $"{_series[$"Fit {inflater}"]}",
                $"{_series.Ratio($"Fit {inflater}", $"limit {inflater}")}",
                inflater == "zlib" ? "1.7 of libdeflate's" : "1.3",
                PerElement(study, $"Fit {inflater}"),
                "",
                "",
                $"{_series[$"FitProcessor {inflater}"]}",
                $"{_series.Ratio($"FitProcessor {inflater}", $"limit processor {inflater}")}"
            );
            if (inflater == "zlib" && _series.Has("limit libdeflate"))
                table.Add(
                    "fitting, zlib, to the limit of libdeflate",
                    "",
                    $"{_series.Ratio("Fit zlib", "limit libdeflate")}",
                    "1.7",
                    "",
                    "",
                    "",
                    "",
                    $"{_series.Ratio("FitProcessor zlib", "limit processor libdeflate")}"
                );
            table.Add(
                $"the worker process, {inflater}",
                $"{_series[$"worker {inflater}"]}",
                $"{_series.Ratio($"worker {inflater}", $"limit {inflater}")}",
                "",
                "",
                $"{_series.Busy($"worker {inflater}")}",
                Megabytes($"worker {inflater}"),
                $"{_series.ProcessorSeconds($"worker {inflater}")}",
                ""
            );
        }
        table.Add("the disk: the file read once, cold", $"{_series["disk"]}", "", "", "", "", "", "", "");
        table.Add(
            "limit, cold file",
            $"{_series["limit cold"]}",
            $"{_series.Ratio("limit cold", "disk")} of the disk",
            "",
            "",
            "",
            "",
            "",
            ""
        );
        table.Add(
            "fitting, cold file",
            $"{_series["Fit cold"]}",
            $"{_series.Ratio("Fit cold", "disk")} of the disk",
            "",
            "",
            $"{_series.Busy("worker cold")}",
            "",
            "",
            ""
        );
        return table.ToString();
    }

    private string Whole(Study study)
    {
        var limit = _series.Has("limit libdeflate") ? "limit libdeflate" : "limit zlib";
        var table = new MarkdownTable("command", "seconds", "x limit", "goal", "processors busy", "peak MB of a process");
        table.Add(
            $"run, 1 process x {options.Threads} threads",
            $"{_series["one process"]}",
            $"{_series.Ratio("one process", limit)}",
            "3",
            $"{_series.Busy("one process")}",
            Megabytes("one process")
        );
        table.Add(
            $"run, {options.Threads} processes x 1 thread",
            $"{_series["processes"]}",
            $"{_series.Ratio("processes", limit)}",
            "3",
            $"{_series.Busy("processes")}",
            Megabytes("processes")
        );
        if (_series.Has("script"))
            table.Add(
                "script by hand (h5py + numpy + scipy)",
                $"{_series["script"]}",
                $"{_series.Ratio("script", limit)}; {_series.Ratio("script", "one process")} x run",
                "4 x run",
                $"{_series.Busy("script")}",
                Megabytes("script")
            );
        else
            table.Add("script by hand (h5py + numpy + scipy)", "not measured", "", "", "", "");
        foreach (var row in new MatrixLmFit(options, study).Measure(_series["one process"].Median))
            table.Add(row);
        return table.ToString();
    }

    private string Phases()
    {
        var table = new MarkdownTable("phase", $"1 process x {options.Threads}", $"{options.Threads} processes x 1");
        foreach (var phase in _series.Names("phase one process: "))
            table.Add(
                phase,
                $"{_series[$"phase one process: {phase}"]}",
                _series.Has($"phase processes: {phase}") ? $"{_series[$"phase processes: {phase}"]}" : ""
            );
        return table.ToString();
    }

    private string PerElement(Study study, string name) =>
        (_series[name].Median / study.Elements * 1e9).ToString("F0", CultureInfo.InvariantCulture);

    private string Megabytes(string name) => (_series.Peak(name) / 1e6).ToString("F0", CultureInfo.InvariantCulture);
}
