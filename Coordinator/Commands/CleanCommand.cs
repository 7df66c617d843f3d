using System.CommandLine;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Reading;
using HpcFit.Coordinator.RunFolders;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit clean [PATH]</c>: deletes the partial files of runs whose results are written, after showing what would go.</summary>
internal static class CleanCommand
{
    private const string OlderThan = "--older-than";

    public static Command Create()
    {
        var path = TextOption.Argument("PATH", "a data file, a run directory, or a folder with either (default: the current folder)");
        path.Arity = ArgumentArity.ZeroOrOne;
        var older = TextOption.Optional(
            OlderThan,
            "TIME",
            "only runs whose newest partial file is older: 12h, 30d (default: any)",
            text => DurationText.Parse(OlderThan, text)
        );
        var yes = SwitchOption.Create("--yes", "delete without asking");
        var command = new Command("clean", "Delete partial files of runs whose results are in their file; shows first what would go")
        {
            path,
            older,
            yes,
        };
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, token) =>
                {
                    using var reading = new ReadingChild(MetadataTimeoutOption.Read(line));
                    var folders = Folders(line.GetValue(path) ?? ".", reading, token);
                    var age = line.GetValue(older) is { } text ? DurationText.Parse(OlderThan, text) : TimeSpan.Zero;
                    var cleaning = new Cleaning(new(reading), age);
                    var runs = folders.Select(folder => cleaning.Decide(folder, token)).OfType<CleanedRun>().ToList();
                    Show(runs);
                    var wanted = runs.Where(run => !run.IsKept).ToList();
                    if (wanted.Count > 0 && IsConfirmed(line.GetValue(yes), wanted))
                        Report([.. wanted.Select(run => cleaning.Delete(run.Folder, token)).OfType<CleanedRun>()]);
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    private static IReadOnlyList<string> Folders(string path, ReadingChild reading, CancellationToken token) =>
        Directory.Exists(path) ? RunsOfPath.OfFolder(path) : RunsOfPath.OfFile(path, reading, token);

    private static void Show(IReadOnlyList<CleanedRun> runs)
    {
        foreach (var run in runs)
            Console.WriteLine(
                run.IsKept ? $"kept       {run.Folder}: {run.Note}" : $"deletable  {run.Folder}: {Size(run)}; results: {run.Note}"
            );
        if (runs.All(run => run.IsKept))
            Console.WriteLine("nothing to delete");
    }

    private static bool IsConfirmed(bool yes, IReadOnlyList<CleanedRun> runs)
    {
        if (yes)
            return true;
        var what = $"{CountText.Format(runs.Sum(run => run.Files.Count), "partial file")}, {ByteSize.Format(runs.Sum(run => run.Bytes))}";
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            Console.WriteLine($"nothing was deleted; to delete {what}, repeat the command with --yes");
            return false;
        }
        Console.Error.Write($"Delete {what}? [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static void Report(IReadOnlyList<CleanedRun> runs)
    {
        foreach (var run in runs.Where(run => run.IsKept))
            Console.WriteLine($"kept       {run.Folder}: {run.Note}");
        var deleted = runs.Where(run => !run.IsKept).ToList();
        Console.WriteLine(
            $"deleted    {CountText.Format(deleted.Sum(run => run.Files.Count), "partial file")}, "
                + ByteSize.Format(deleted.Sum(run => run.Bytes))
        );
    }

    private static string Size(CleanedRun run) => $"{CountText.Format(run.Files.Count, "partial file")}, {ByteSize.Format(run.Bytes)}";
}
