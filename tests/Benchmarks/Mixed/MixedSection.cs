using System.Globalization;
using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Programs;
using HpcFit.Benchmarks.Report;

namespace HpcFit.Benchmarks.Mixed;

/// <summary>
/// Mixed models against lm in the same round, by the number of groups and the kind of random effects, and against lme4's refit; generalised
/// linear models against lm.
/// </summary>
internal sealed class MixedSection(BenchOptions options)
{
    private const int PeerElements = 20;
    private const int RowsPerSite = 100;
    private const int Usual = 3;

    private static readonly Model[] Models =
    [
        new("lm", "lm", "FDC ~ Age + sex + motion", 20_000, Usual),
        new("lmm, a group per 100 rows", "lmm", "FDC ~ Age + sex + motion + (1 | id)", 20_000, 100),
        new("lmm, a group per 10 rows", "lmm", "FDC ~ Age + sex + motion + (1 | id)", 20_000, 10),
        new("lmm, a group per 3 rows", "lmm", "FDC ~ Age + sex + motion + (1 | id)", 20_000, Usual) { HasPeer = true },
        new("lmm, nested in sites", "lmm", "FDC ~ Age + sex + motion + (1 | site/id)", 4_000, Usual) { HasPeer = true },
        new("lmm, slopes of age", "lmm", "FDC ~ Age + sex + motion + (Age | id)", 400, Usual) { HasPeer = true },
        new("lm, Gamma with logarithmic link", "lm", "exp(FDC) ~ Age + sex + motion", 4_000, Usual)
        {
            More = ["--family", "Gamma", "--link", "log"],
        },
    ];

    private readonly HpcFitPrograms _program = new(options.Root);
    private readonly Series _series = new();

    public Section Measure()
    {
        foreach (var model in Models)
            Prepare(model);
        for (var round = 0; round < options.Rounds; round++)
        {
            Console.Error.WriteLine($"bench: mixed, round {round + 1} of {options.Rounds}");
            foreach (var model in Models)
            {
                var (_, phases) = _program.Fit(RunFolder(model), 0, options.Threads);
                _series.Add(model.Name, phases["Fit"] * options.Threads / Elements(model) * 1e6);
            }
        }
        var table = new MarkdownTable("model", "elements", "microseconds per element and core", "x lm", "lme4's refit, ms", "times faster");
        foreach (var model in Models)
        {
            var refit = model.HasPeer ? Refit(model) : null;
            table.Add(
                model.Name,
                $"{Elements(model):N0}",
                $"{_series[model.Name]}",
                $"{_series.Ratio(model.Name, Models[0].Name)}",
                refit is { } seconds ? Text("F1", seconds * 1e3) : "",
                refit is { } one ? Text("N0", one * 1e6 / _series[model.Name].Median) : ""
            );
        }
        foreach (var model in Models)
            Directories.Clear(RunFolder(model));
        return new(
            "Mixed and generalised models",
            $"{options.Subjects:N0} rows, three fixed effects and the intercept, 1 process x {options.Threads} threads; times include "
                + $"reading and inflating. lme4's refit: one core, {PeerElements} elements, without reading and without the degrees of "
                + "freedom of lmerTest.",
            table.ToString()
        );
    }

    /// <summary>Seconds per element of lme4; null: it is not installed.</summary>
    private double? Refit(Model model)
    {
        var study = StudyOf(model);
        var values = PlainValues.Write(study, PeerElements);
        var run = Programs.Peer.Lmm.TryRun(
            values,
            study.Cohort,
            $"{PeerElements}",
            model.Formula,
            $"{model.RowsPerGroup}",
            $"{RowsPerSite}"
        );
        File.Delete(values);
        return run is null ? null : Programs.Peer.Figure(run, "fit") / PeerElements;
    }

    private void Prepare(Model model)
    {
        Directories.Clear(RunFolder(model));
        string[] groups =
        [
            "--column",
            $"id=factor(ceiling(cumsum(Age > 0) / {model.RowsPerGroup}))",
            "--column",
            $"site=factor(ceiling(cumsum(Age > 0) / {RowsPerSite}))",
        ];
        HpcFitPrograms.Require(
            _program.Run(
                StudyOf(model),
                model.Engine,
                model.Formula,
                RunFolder(model),
                1,
                options.Threads,
                ["--jobs", "1", .. groups, .. model.More]
            ),
            $"hpcfit run ({model.Name})"
        );
    }

    private long Elements(Model model) => options.Quick ? model.Elements / 4 : model.Elements;

    private Study StudyOf(Model model) => Study.Make(options.Folder, Elements(model), options.Subjects);

    private string RunFolder(Model model) =>
        Path.Combine(StudyOf(model).Folder, "runs", model.Name.Replace(' ', '-').Replace(",", "", StringComparison.Ordinal));

    private static string Text(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>A model that is measured.</summary>
    private sealed record Model(string Name, string Engine, string Formula, long Elements, int RowsPerGroup)
    {
        public bool HasPeer { get; init; }

        public string[] More { get; init; } = [];
    }
}
