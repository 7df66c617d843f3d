using System.CommandLine;
using HpcFit.Coordinator.Comparing;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Running;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit compare FILE A B</c>: compares two models at every element.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var file = TextOption.Argument("FILE", "the HDF5 file that holds both analyses");
        var a = TextOption.Argument("A", "an analysis");
        var b = TextOption.Argument("B", "another analysis; differences are B minus A");
        var test = ChoiceOption.Optional(
            "--test",
            "the test of nested models: F as R's anova, or the likelihood ratio (default: LRT for families of a known dispersion, such as "
                + "binomial, otherwise F)",
            "F",
            "LRT"
        );
        var criteriaOnly = SwitchOption.Create("--criteria-only", "compare AIC and BIC only; the models need not be nested");
        var assumeNested = SwitchOption.Create(
            "--assume-nested",
            "state that A is nested in B, where the stored terms do not show it, and that both used the same subjects"
        );
        var analysis = TextOption.Optional(
            "--analysis",
            TextOption.Name,
            "store the comparison under this name, as an analysis with one column per statistic",
            text => ResultName.Refuse("--analysis", text)
        );
        var overwrite = SwitchOption.Create("--overwrite", "replace existing results of that name");
        var json = JsonOption.Create();
        var external = ExternalOption.Create();
        var command = new Command("compare", "Compare two models at every element: AIC, BIC, and a test if one is nested in the other")
        {
            file,
            a,
            b,
            test,
            criteriaOnly,
            assumeNested,
            analysis,
            overwrite,
            json,
            external,
        };
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                {
                    var (path, target) = (line.GetRequiredValue(file), line.GetValue(analysis));
                    if (line.GetValue(criteriaOnly) && line.GetValue(assumeNested))
                        throw new UsageException(
                            "--criteria-only and --assume-nested exclude each other: the one is for a comparison without a test."
                        );
                    if (line.GetRequiredValue(a) == line.GetRequiredValue(b))
                        throw new UsageException($"A and B are both '{line.GetRequiredValue(a)}'; two analyses were expected.");
                    using var watch = MetadataTimeoutOption.Watch(line, token);
                    ComparisonTest? kind =
                        line.GetValue(criteriaOnly) ? ComparisonTest.None
                        : line.GetValue(test) is { } typed ? Enum.Parse<ComparisonTest>(typed)
                        : null;
                    if (target is not null)
                        RefuseTarget(path, target, line.GetRequiredValue(a), line.GetRequiredValue(b), line.GetValue(overwrite));
                    var (summary, contents) = Compare(
                        (path, line.GetRequiredValue(a), line.GetRequiredValue(b), target),
                        (kind, line.GetValue(assumeNested), line.GetValue(external)),
                        token
                    );
                    if (target is not null)
                        Hdf5Write.Run(
                            new()
                            {
                                File = path,
                                NewFile = false,
                                Overwrite = line.GetValue(overwrite),
                                Contents = contents,
                                What = "hpcfit compare",
                                MetadataTimeout = MetadataTimeoutOption.Read(line),
                            },
                            token
                        );
                    foreach (var warning in summary.Warnings)
                        Console.Error.WriteLine("WRN " + warning);
                    if (line.GetValue(json))
                        JsonOption.Print(summary, ComparisonJson.Default.ComparisonSummary);
                    else
                        foreach (var text in summary.Lines())
                            Console.WriteLine(text);
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    /// <summary>Compares the models; the file is closed when this returns, so that it can be written.</summary>
    private static (ComparisonSummary Summary, IReadOnlyList<Content> Contents) Compare(
        (string File, string A, string B, string? Target) names,
        (ComparisonTest? Test, bool AssumeNested, bool AllowsExternal) options,
        CancellationToken token
    )
    {
        using var a = ComparedModel.Open(names.File, names.A, options.AllowsExternal);
        using var b = ComparedModel.Open(names.File, names.B, options.AllowsExternal);
        var comparison = Comparison.Create(a, b, options.Test ?? new ComparedFamilies(a, b).Default, options.AssumeNested, token);
        return (
            ComparisonSummary.Create(names.File, a, b, comparison) with
            {
                Analysis = names.Target,
            },
            names.Target is null ? [] : ComparisonContents.Create(names.Target, comparison, a, b, ProposedRun.Version)
        );
    }

    /// <summary>Refuses a name that is taken, before anything is computed.</summary>
    private static void RefuseTarget(string path, string target, string a, string b, bool overwrite)
    {
        if (target == a || target == b)
            throw new BadInputException($"--analysis is '{target}', one of the compared analyses. Choose another name.");
        if (!overwrite && ModelArrayFile.ReadAnalyses(path).Any(analysis => analysis.Name == target))
            throw new BadInputException(
                $"'{path}' contains an analysis '{target}'. Choose another --analysis, or replace it with --overwrite."
            );
    }
}
