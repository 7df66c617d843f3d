using System.Globalization;
using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Programs;
using HpcFit.Benchmarks.Report;

namespace HpcFit.Benchmarks.Mixed;

/// <summary>
/// Mixed models against lm in the same round, by the number of groups and the kind of random effects, and against lme4's refit; additive
/// models with and without a random intercept; generalised linear models against lm. Times are those of processors, and differences of runs
/// over many and over fewer elements, so that start-up is not in them.
/// </summary>
internal sealed class MixedSection(BenchOptions options)
{
    private const string Fixed = "FDC ~ Age + sex + motion";
    private const int PeerElements = 20;

    /// <summary>How many times fewer elements the smaller run of a model has.</summary>
    private const int Fewer = 4;

    private static readonly MixedModel Linear = new("lm", "lm", Fixed, 80_000);

    private static readonly MixedModel[] Models =
    [
        Linear,
        new("lmm, (1 | id), 3 rows per group", "lmm", Fixed + " + (1 | id)", 80_000) { HasPeer = true },
        new("lmm, (1 | id), 100 rows per group", "lmm", Fixed + " + (1 | id)", 80_000) { RowsPerGroup = 100 },
        new("lmm, (1 | id), weights", "lmm", Fixed + " + (1 | id)", 40_000) { More = ["--weights", "motion"] },
        new("lmm, nested, (1 | site/id)", "lmm", Fixed + " + (1 | site/id)", 40_000) { HasPeer = true },
        new("lmm, crossed, (1 | id) + (1 | rater)", "lmm", Fixed + " + (1 | id) + (1 | rater)", 20_000) { HasPeer = true },
        new("lmm, slopes, repeated times", "lmm", Fixed + " + wave + (wave | id)", 20_000) { HasPeer = true },
        new("lmm, slopes, times of their own", "lmm", Fixed + " + (Age | id)", 8_000) { HasPeer = true },
        new("gam, a smooth", "gam", "FDC ~ s(Age) + sex + motion", 40_000) { More = ["--method", "REML"] },
        new("gamm, a smooth and (1 | id)", "gamm", "FDC ~ s(Age) + sex + motion + (1 | id)", 40_000),
        new("lm, Gamma with logarithmic link", "lm", "exp(FDC) ~ Age + sex + motion", 40_000)
        {
            More = ["--family", "Gamma", "--link", "log"],
        },
    ];

    /// <summary>Groups in steps of ten, three rows in each.</summary>
    private static readonly (int Groups, MixedModel Linear, MixedModel Mixed)[] Steps =
    [
        .. new (int Groups, long Elements)[] { (10, 400_000), (100, 160_000), (1_000, 20_000), (10_000, 2_000) }.Select(step =>
            (
                step.Groups,
                new MixedModel($"lm, {3 * step.Groups} rows", "lm", Fixed, step.Elements) { Subjects = 3 * step.Groups },
                new MixedModel($"lmm, {step.Groups} groups", "lmm", Fixed + " + (1 | id)", step.Elements) { Subjects = 3 * step.Groups }
            )
        ),
    ];

    private readonly HpcFitPrograms _program = new(options.Root);
    private readonly Series _series = new();

    public Section Measure()
    {
        MixedModel[] all = [.. Models, .. Steps.SelectMany(step => new[] { step.Linear, step.Mixed })];
        foreach (var model in all)
        foreach (var elements in Sizes(model))
            Prepare(model, elements);
        for (var round = 0; round < options.Rounds; round++)
        {
            Console.Error.WriteLine($"bench: mixed, round {round + 1} of {options.Rounds}");
            foreach (var model in all)
                Fit(model);
        }
        var section = new Section(
            "Mixed and generalised models",
            $"{options.Subjects:N0} rows, three fixed effects and the intercept, 1 process x {options.Threads} threads, reading and "
                + $"inflating included: processor time, the difference of two runs, over all elements and over a {Fewer}th of them; "
                + $"start-up is what the smaller run takes beyond that. lme4's refit: one core, {PeerElements} elements, without reading "
                + "and without the degrees of freedom of lmerTest.",
            Kinds(),
            "By the number of groups, three rows in each:",
            Groups()
        );
        foreach (var model in all)
        foreach (var elements in Sizes(model))
            Directories.Clear(RunFolder(model, elements));
        return section;
    }

    private string Kinds()
    {
        var table = new MarkdownTable(
            "model",
            "elements",
            "microseconds of a core per element",
            "x lm",
            "start-up, s",
            "lme4's refit, ms",
            "times faster"
        );
        foreach (var model in Models)
        {
            var refit = model.HasPeer ? Refit(model) : null;
            table.Add(
                model.Name,
                $"{Sizes(model)[0]:N0}",
                $"{_series[model.Name]}",
                $"{_series.Ratio(model.Name, Linear.Name)}",
                $"{_series["start " + model.Name]}",
                refit is { } seconds ? Text("F1", seconds * 1e3) : "",
                refit is { } one ? Text("N0", one * 1e6 / _series[model.Name].Median) : ""
            );
        }
        return table.ToString();
    }

    private string Groups()
    {
        var table = new MarkdownTable("groups", "rows", "lm, microseconds of a core per element", "(1 | id)", "x lm");
        foreach (var (groups, linear, mixed) in Steps)
            table.Add(
                $"{groups:N0}",
                $"{3 * groups:N0}",
                $"{_series[linear.Name]}",
                $"{_series[mixed.Name]}",
                $"{_series.Ratio(mixed.Name, linear.Name)}"
            );
        return table.ToString();
    }

    private void Fit(MixedModel model)
    {
        var sizes = Sizes(model);
        var (all, fewer) = (Seconds(model, sizes[0]), Seconds(model, sizes[1]));
        var element = (all - fewer) / (sizes[0] - sizes[1]);
        _series.Add(model.Name, element * 1e6);
        _series.Add("start " + model.Name, fewer - (element * sizes[1]));
    }

    private double Seconds(MixedModel model, long elements) =>
        _program.Fit(RunFolder(model, elements), 0, options.Threads).Phases["FitProcessor"];

    /// <summary>Seconds per element of lme4; null: it is not installed.</summary>
    private double? Refit(MixedModel model)
    {
        var study = StudyOf(model, Sizes(model)[1]);
        var values = PlainValues.Write(study, PeerElements);
        var run = Programs.Peer.Lmm.TryRun(
            values,
            study.Cohort,
            $"{PeerElements}",
            model.Formula,
            $"{model.RowsPerGroup}",
            $"{MixedModel.RowsPerSite}"
        );
        File.Delete(values);
        return run is null ? null : Programs.Peer.Figure(run, "fit") / PeerElements;
    }

    private void Prepare(MixedModel model, long elements)
    {
        Directories.Clear(RunFolder(model, elements));
        HpcFitPrograms.Require(
            _program.Run(
                StudyOf(model, elements),
                model.Engine,
                model.Formula,
                RunFolder(model, elements),
                1,
                options.Threads,
                ["--jobs", "1", .. model.Columns, .. model.More]
            ),
            $"hpcfit run ({model.Name})"
        );
    }

    private long[] Sizes(MixedModel model)
    {
        var elements = options.Quick ? model.Elements / 8 : model.Elements;
        return [elements, elements / Fewer];
    }

    private Study StudyOf(MixedModel model, long elements) => Study.Make(options.Folder, elements, model.Subjects ?? options.Subjects);

    private string RunFolder(MixedModel model, long elements) =>
        Path.Combine(StudyOf(model, elements).Folder, "runs", string.Concat(model.Name.Where(char.IsLetterOrDigit)));

    private static string Text(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);
}
