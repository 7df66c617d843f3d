using System.Globalization;
using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Programs;
using HpcFit.Benchmarks.Report;

namespace HpcFit.Benchmarks.Gam;

/// <summary>
/// gam on a part of the main study, against the limit, against lm in the same round, and against mgcv::gam on 200 elements; and one command
/// line on all of it, from the launcher to the closed file.
/// </summary>
internal sealed class GamSection(BenchOptions options)
{
    private const int PeerElements = 200;
    private const double ModelArrayMilliseconds = 97;

    private static readonly (string Name, string Formula, string[] Options, string Goal)[] Models =
    [
        ("one smooth, REML, with its p-value", "FDC ~ s(Age, k=4) + sex + motion", ["--method", "REML"], "40"),
        (
            "one smooth, REML, without it",
            "FDC ~ s(Age, k=4) + sex + motion",
            ["--method", "REML", "--var-smooth-terms", "edf", "--correct-p-value-smooth-terms", "none"],
            "25"
        ),
        ("one smooth, GCV.Cp", "FDC ~ s(Age, k=4) + sex + motion", ["--method", "GCV.Cp"], "40"),
        ("three smooths with ti, REML", "FDC ~ ti(Age, k=4) + ti(motion, k=4) + ti(Age, motion, k=4) + sex", ["--method", "REML"], "250"),
    ];

    private readonly HpcFitPrograms _program = new(options.Root);
    private readonly Series _series = new();

    public Section Measure()
    {
        var elements = Math.Min(options.Elements, options.Quick ? 20_000 : 60_000);
        var study = Study.Make(options.Folder, elements, options.Subjects);
        Prepare(study, "lm", HpcFitPrograms.LmFormula, "lm", []);
        foreach (var (name, formula, more, _) in Models)
            Prepare(study, "gam", formula, name, more);
        for (var round = 0; round < options.Rounds; round++)
        {
            Console.Error.WriteLine($"bench: gam, round {round + 1} of {options.Rounds}");
            _series.Add("limit", InflateLimit.Seconds(study, options.Threads, ""));
            Fit(study, "lm");
            foreach (var (name, _, _, _) in Models)
                Fit(study, name);
            Whole();
        }
        Directories.Clear(Path.Combine(study.Folder, "runs"));
        return new(
            "gam",
            $"{study}, 1 process x {options.Threads} threads. A core's time is threads x seconds of fitting; the excess over lm's "
                + "is the smooths'. "
                + $"ModelArray.gam takes {ModelArrayMilliseconds:F0} ms per element at this size (measured once, not here).",
            Table(study),
            WholeTable(),
            Peer(study)
        );
    }

    private string Table(Study study)
    {
        var table = new MarkdownTable(
            "model",
            "fitting, seconds",
            "x limit",
            "microseconds per element and core above lm",
            "goal",
            "x ModelArray's 97 ms"
        );
        table.Add("lm", $"{_series["fit lm"]}", $"{_series.Ratio("fit lm", "limit")}", "", "", "");
        foreach (var (name, _, _, goal) in Models)
        {
            var above = (_series[$"fit {name}"].Median - _series["fit lm"].Median) * options.Threads / study.Elements * 1e6;
            var faster = ModelArrayMilliseconds * 1e-3 / (_series[$"fit {name}"].Median / study.Elements);
            table.Add(
                name,
                $"{_series[$"fit {name}"]}",
                $"{_series.Ratio($"fit {name}", "limit")}",
                Text("F1", above),
                goal,
                Text("N0", faster)
            );
        }
        return table.ToString();
    }

    /// <summary>The first model on the main study: start, probe, fit, fdr of the smooth's p-value, write.</summary>
    private void Whole()
    {
        var study = Study.Make(options.Folder, options.Elements, options.Subjects);
        var (name, formula, more, _) = Models[0];
        var runFolder = RunFolder(study, "whole");
        Directories.Clear(runFolder);
        _series.Add("whole limit", InflateLimit.Seconds(study, options.Threads, ""));
        var run = HpcFitPrograms.Require(_program.Run(study, "gam", formula, runFolder, 1, options.Threads, more), $"hpcfit run ({name})");
        _series.Add("whole", run);
        foreach (var (phase, seconds) in HpcFitPrograms.Phases(run))
            _series.Add($"phase {phase}", seconds);
        Directories.Clear(runFolder);
    }

    private string WholeTable()
    {
        var table = new MarkdownTable("whole command line", "seconds", "x limit", "goal");
        table.Add(
            $"{options.Elements:N0} elements, {Models[0].Name}",
            $"{_series["whole"]}",
            $"{_series.Ratio("whole", "whole limit")}",
            "16"
        );
        foreach (var phase in _series.Names("phase "))
            table.Add($"- {phase}, as it prints it", $"{_series[$"phase {phase}"]}", "", "");
        return $"{table}\n{WhatHalfWouldTake()}";
    }

    /// <summary>The workers' time if a command line took half of its goal and everything else stayed the same.</summary>
    private string WhatHalfWouldTake()
    {
        var (limit, workers) = (_series["whole limit"].Median, _series["phase workers"].Median);
        var left = (8 * limit) - (_series["whole"].Median - workers);
        var microseconds = left * options.Threads / options.Elements * 1e6;
        return $"8 x the limit: with everything else unchanged, the workers would have {Text("F2", left)} s instead of "
            + $"{Text("F2", workers)} s, "
            + $"{Text("F1", microseconds)} microseconds per element and core, "
            + $"of which the limit itself is {Text("F1", limit * options.Threads / options.Elements * 1e6)}.";
    }

    private string Peer(Study study)
    {
        var values = PlainValues.Write(study, PeerElements);
        var run = Programs.Peer.Gam.TryRun(values, study.Cohort, $"{PeerElements}");
        File.Delete(values);
        if (run is null)
            return "mgcv::gam: not measured.";
        var theirs = Programs.Peer.Figure(run, "fit") / PeerElements;
        var ours = _series[$"fit {Models[0].Name}"].Median * options.Threads / study.Elements;
        return Text("F1", theirs * 1e3)
            + $" ms per element is the time of mgcv::gam with summary, REML, one core, {PeerElements} elements, without reading: "
            + Text("N0", theirs / ours)
            + " x a core's time of the first model above.";
    }

    private void Fit(Study study, string name)
    {
        var (_, phases) = _program.Fit(RunFolder(study, name), 0, options.Threads);
        _series.Add($"fit {name}", phases["Fit"]);
    }

    private void Prepare(Study study, string model, string formula, string name, string[] more)
    {
        Directories.Clear(RunFolder(study, name));
        HpcFitPrograms.Require(
            _program.Run(study, model, formula, RunFolder(study, name), 1, options.Threads, ["--jobs", "1", .. more]),
            $"hpcfit run ({name})"
        );
    }

    private static string RunFolder(Study study, string name) =>
        Path.Combine(study.Folder, "runs", name.Replace(' ', '-').Replace(",", "", StringComparison.Ordinal));

    private static string Text(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);
}
