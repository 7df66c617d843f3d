using System.CommandLine;
using HpcFit.Coordinator.Demo;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit demo [FOLDER]</c>: simulates a study with known effects and runs the command that a user would type.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var folder = TextOption.Argument(TextOption.Folder, "the folder for the demo's files; a repeated demo replaces only its own files");
        folder.DefaultValueFactory = _ => "hpcfit-demo";
        var command = new Command("demo", "Simulate a small study with known effects, fit it with two workers and show the results")
        {
            folder,
        };
        command.SetAction(line =>
        {
            DemoFolder? demo = null;
            var made = Step(token => demo = Make(line.GetRequiredValue(folder), token));
            if (made != ExitCode.Success)
                return (int)made;

            string[] run =
            [
                "run",
                "--model",
                "lm",
                "--data",
                demo!.Data,
                "--phenotypes",
                demo.Cohort,
                "--formula",
                $"{DemoStudy.Scalar} ~ Age + sex + motion",
                "--analysis",
                DemoFolder.Analysis,
                "--workers",
                "2",
                "--threads",
                "1",
                "--report",
            ];
            Console.WriteLine($"\n$ {TypedCommand.Session(run)}\n");
            var ran = (ExitCode)line.RootCommandResult.Command.Parse(run, CommandLineProgram.Parsing).Invoke(line.InvocationConfiguration);
            return (int)(ran == ExitCode.Success ? Step(_ => Report(demo)) : ran);
        });
        return command;
    }

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

    private static DemoFolder Make(string path, CancellationToken token)
    {
        var folder = new DemoFolder(path);
        var study = new DemoStudy();
        folder.Write(study, token);
        Console.WriteLine(
            $"A simulated study in '{folder.Path}': FDC of {DemoStudy.Elements:N0} fixels of {study.Subjects.Count} subjects (data.h5, "
                + $"{new FileInfo(folder.Data).Length / 1e6:F0} MB) and their cohort (cohort.csv)."
        );
        Console.WriteLine(
            $"FDC depends on age in {DemoStudy.Tracts.Sum(tract => tract.Count)} fixels of {DemoStudy.Tracts.Count} tracts, and "
                + "in no others."
        );
        return folder;
    }

    private static void Report(DemoFolder demo)
    {
        Console.WriteLine();
        foreach (var text in DemoReport.Lines(demo.Data, DemoFolder.Analysis))
            Console.WriteLine(text);
        Console.WriteLine("\nNext:");
        foreach (
            var words in (string[][])
                [
                    ["inspect", demo.Data],
                    ["export-table", demo.Data, DemoFolder.Analysis],
                    [
                        "run",
                        "--model",
                        "gam",
                        "--data",
                        demo.Data,
                        "--phenotypes",
                        demo.Cohort,
                        "--formula",
                        "FDC ~ s(Age, k=4) + sex + motion",
                        "--method",
                        "REML",
                        "--analysis",
                        "results_gam",
                    ],
                ]
        )
            Console.WriteLine($"  {TypedCommand.Line(words)}");
    }
}
