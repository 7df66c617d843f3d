using HpcFit.Coordinator.Reading;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.RunFolders;

/// <summary>Finds run directories: next to a data file, where its analyses come from, or below a folder.</summary>
internal static class RunsOfPath
{
    /// <summary>The default folder of a data file's runs has this ending.</summary>
    private const string Ending = ".hpcfit";

    /// <summary>The run directories of a data file, by path.</summary>
    /// <param name="file">The data file.</param>
    /// <param name="reading">Reads what its analyses record.</param>
    /// <param name="token">Cancels reading.</param>
    /// <exception cref="HpcFitException">The file cannot be read.</exception>
    public static IReadOnlyList<string> OfFile(string file, ReadingChild reading, CancellationToken token)
    {
        var records = UndoJournal.ReadBetweenWrites(file, UndoJournal.Patience, () => reading.Records(file, token), token);
        var recorded = records.Values.Select(record => record.Value("run_directory")).OfType<string>().Where(IsRun);
        return Distinct(Below(Path.GetFullPath(file) + Ending).Concat(recorded));
    }

    /// <summary>The run directories of a folder: itself, those in it, and those in folders that <c>hpcfit run</c> makes in it.</summary>
    public static IReadOnlyList<string> OfFolder(string folder)
    {
        var full = Path.GetFullPath(folder);
        if (IsRun(full))
            return [full];
        var ofFiles = Directory.EnumerateDirectories(full).Where(one => one.EndsWith(Ending, StringComparison.Ordinal)).SelectMany(Below);
        return Distinct(Below(full).Concat(ofFiles));
    }

    private static IEnumerable<string> Below(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Where(IsRun) : [];

    private static bool IsRun(string folder) => File.Exists(RunDirectory.At(folder).DocumentFile);

    private static IReadOnlyList<string> Distinct(IEnumerable<string> folders) =>
        [.. folders.Select(Path.TrimEndingDirectorySeparator).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
