using System.CommandLine;
using System.Globalization;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Reading;
using HpcFit.Coordinator.RunFolders;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit runs FILE</c>: lists the run directories of a data file with their state.</summary>
internal static class RunsCommand
{
    private static readonly string[] Head = ["state", "analysis", "model", "partials", "created", "folder"];

    public static Command Create()
    {
        var file = TextOption.Argument("FILE", "a data file, or a folder with run directories");
        var command = new Command("runs", "List the runs of a data file: state, analysis, model, size of partial files, date") { file };
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (services, token) =>
                {
                    var path = line.GetRequiredValue(file);
                    using var reading = new ReadingChild(MetadataTimeoutOption.Read(line));
                    var folders = Directory.Exists(path) ? RunsOfPath.OfFolder(path) : RunsOfPath.OfFile(path, reading, token);
                    var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(nameof(RunsCommand));
                    var written = new WrittenAnalyses(reading);
                    Print(path, [.. folders.Select(folder => RunEntry.Read(folder, written, log, token)).OrderBy(run => run.Created)]);
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    private static void Print(string path, IReadOnlyList<RunEntry> runs)
    {
        if (runs.Count == 0)
        {
            Console.WriteLine($"'{path}' has no run directory, neither next to it nor where its analyses were fitted.");
            return;
        }
        string[][] rows = [Head, .. runs.Select(Row)];
        var widths = Enumerable.Range(0, Head.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            Console.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string[] Row(RunEntry run) =>
        [
            run.State,
            run.Analysis,
            run.Model,
            ByteSize.Format(run.Partials),
            run.Created?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "",
            run.Folder,
        ];
}
