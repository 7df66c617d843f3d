using System.CommandLine;
using HpcFit.Coordinator.Demo;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit demo [FOLDER]</c>: simulates a study with known effects and runs the command that a user would type.</summary>
internal static class DemoCommand
{
    private const string CrossSectional = "cross-sectional";
    private const string Longitudinal = "longitudinal";

    public static Command Create()
    {
        var folder = TextOption.Argument(TextOption.Folder, "the folder for the demo's files; a repeated demo replaces only its own files");
        folder.DefaultValueFactory = _ => "hpcfit-demo";
        var study = ChoiceOption.Create(
            "--study",
            "one scan per subject, fitted by lm, or repeated sessions, fitted by a mixed model (default: cross-sectional)",
            CrossSectional,
            CrossSectional,
            Longitudinal
        );
        var command = new Command("demo", "Simulate a small study with known effects, fit it with two workers and show the results")
        {
            folder,
            study,
        };
        command.SetAction(line =>
        {
            DemoFolder? demo = null;
            var isLongitudinal = line.GetValue(study) == Longitudinal;
            var made = Step(token => demo = Make(line.GetRequiredValue(folder), isLongitudinal, token));
            if (made != ExitCode.Success)
                return (int)made;

            string[] run =
            [
                "run",
                "--model",
                isLongitudinal ? "lmm" : "lm",
                "--data",
                demo!.Data,
                "--phenotypes",
                demo.Cohort,
                "--formula",
                $"{DemoStudy.Scalar} ~ Age + sex + motion{(isLongitudinal ? " + (1 | subject_id)" : "")}",
                "--analysis",
                demo.Analysis,
                "--workers",
                "2",
                "--threads",
                "1",
                "--report",
            ];
            Console.WriteLine($"\n$ {TypedCommand.Session(run)}\n");
            var ran = (ExitCode)line.RootCommandResult.Command.Parse(run, CommandLineProgram.Parsing).Invoke(line.InvocationConfiguration);
            return (int)(ran == ExitCode.Success ? Step(_ => Report(demo, isLongitudinal)) : ran);
        });
        return command;
    }

    /// <summary>Whether change within participants differs from differences between them.</summary>
    private static readonly string[] WithinParticipants =
    [
        "--within-between",
        "Age",
        "--formula",
        "FDC ~ Age_within + Age_between + sex + motion + (1 | subject_id)",
        "--analysis",
        "results_within",
    ];

    private static readonly string[] Smooth =
    [
        "--formula",
        "FDC ~ s(Age, k=4) + sex + motion",
        "--method",
        "REML",
        "--analysis",
        "results_gam",
    ];

    private static ExitCode Step(Action<CancellationToken> work) =>
        (ExitCode)
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                {
                    work(token);
                    return ExitCode.Success;
                }
            );

    private static DemoFolder Make(string path, bool isLongitudinal, CancellationToken token)
    {
        var folder = new DemoFolder(path, isLongitudinal ? "results_lmm" : "results_lm");
        var study = new DemoStudy(isLongitudinal);
        folder.Write(study, token);
        var scans = isLongitudinal
            ? $"{study.Subjects.Count} sessions of {study.Subjects.Select(subject => subject.Id).Distinct().Count()} participants"
            : $"{study.Subjects.Count} subjects";
        Console.WriteLine(
            $"A simulated study in '{folder.Path}': FDC of {DemoStudy.Elements:N0} fixels of {scans} (data.h5, "
                + $"{new FileInfo(folder.Data).Length / 1e6:F0} MB) and their cohort (cohort.csv)."
        );
        Console.WriteLine(
            $"FDC depends on age in {DemoStudy.Tracts.Sum(tract => tract.Count)} fixels of {DemoStudy.Tracts.Count} tracts, and "
                + "in no others."
        );
        return folder;
    }

    private static void Report(DemoFolder demo, bool isLongitudinal)
    {
        Console.WriteLine();
        foreach (var text in DemoReport.Lines(demo.Data, demo.Analysis))
            Console.WriteLine(text);
        Console.WriteLine("\nNext:");
        foreach (
            var words in (string[][])
                [
                    ["inspect", demo.Data],
                    ["export-table", demo.Data, demo.Analysis],
                    [
                        "run",
                        "--model",
                        isLongitudinal ? "lmm" : "gam",
                        "--data",
                        demo.Data,
                        "--phenotypes",
                        demo.Cohort,
                        .. isLongitudinal ? WithinParticipants : Smooth,
                    ],
                ]
        )
            Console.WriteLine($"  {TypedCommand.Line(words)}");
    }
}
