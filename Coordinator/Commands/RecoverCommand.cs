using System.CommandLine;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit recover FILE</c>: brings the old bytes back after a write that was interrupted.</summary>
internal static class RecoverCommand
{
    public static Command Create()
    {
        var file = TextOption.Argument("FILE", "the HDF5 file");
        var force = SwitchOption.Create(
            "--force",
            "restore although somebody else changed or replaced the file since; the bytes that this replaces are saved first"
        );
        var takeOver = SwitchOption.Create("--take-over", "the command that claimed the write is surely dead (its node died)");
        var command = new Command("recover", "Undo an interrupted write: bring the exact old bytes of a file back")
        {
            file,
            force,
            takeOver,
        };
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                {
                    var path = line.GetRequiredValue(file);
                    var report = RecoverFile.Run(path, line.GetValue(force), line.GetValue(takeOver), token);
                    Console.WriteLine(
                        report.Outcome switch
                        {
                            RecoveryOutcome.Restored => $"'{path}' is again what it was before {report.Header!.Holder} began to write: "
                                + $"{report.Header.Length:N0} bytes.",
                            RecoveryOutcome.WasCommitted =>
                                $"'{path}' is whole: the write by {report.Header!.Holder} had ended, only its journal was left and is "
                                    + "removed.",
                            _ => $"'{path}' needs no recovery: no write into it was interrupted.",
                        }
                    );
                    if (report.Copy is { } copy)
                        Console.WriteLine($"The bytes that were replaced are saved in '{copy}'.");
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }
}
