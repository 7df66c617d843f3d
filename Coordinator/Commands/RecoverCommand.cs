using System.CommandLine;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit recover FILE</c>: restores the old bytes after an interrupted write.</summary>
internal static class RecoverCommand
{
    public static Command Create()
    {
        var file = TextOption.Argument("FILE", "the HDF5 file");
        var force = SwitchOption.Create(
            "--force",
            "restore even if the file was changed or replaced since; the bytes that this overwrites are saved first"
        );
        var takeOver = SwitchOption.Create(
            "--take-over",
            "declare that the command that holds the claim of the write is dead (its node failed)"
        );
        var command = new Command("recover", "Undo an interrupted write: restore the exact old bytes of a file") { file, force, takeOver };
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
                            RecoveryOutcome.Restored => $"'{path}' is restored to its state before the write by {report.Header!.Holder}: "
                                + $"{report.Header.Length:N0} bytes.",
                            RecoveryOutcome.WasCommitted =>
                                $"'{path}' is complete: the write by {report.Header!.Holder} had finished; its remaining journal was "
                                    + "removed.",
                            _ => $"'{path}' needs no recovery: no write into it was interrupted.",
                        }
                    );
                    if (report.Copy is { } copy)
                        Console.WriteLine($"The bytes that were overwritten are saved in '{copy}'.");
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }
}
