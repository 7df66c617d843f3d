using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.RunFolders;

/// <summary>What would be deleted of one run, or why nothing is.</summary>
/// <param name="Folder">The run directory.</param>
/// <param name="Files">Its partial files.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Note">Where the results are, or why the files are kept.</param>
/// <param name="IsKept">Whether they are kept.</param>
internal sealed record CleanedRun(string Folder, IReadOnlyList<string> Files, long Bytes, string Note, bool IsKept);

/// <summary>
/// Deletes the partial files of runs whose results are in their file, verified by the run's digest. Everything else of a run directory
/// stays: the record of what was computed, and its logs.
/// </summary>
/// <param name="written">Where results are.</param>
/// <param name="olderThan">The least age of the newest partial file; zero: any.</param>
internal sealed class Cleaning(WrittenAnalyses written, TimeSpan olderThan)
{
    private const string What = "hpcfit clean";

    /// <summary>Decides about one run; null: it has no partial files.</summary>
    public CleanedRun? Decide(string folder, CancellationToken token) =>
        OrKept(
            folder,
            () =>
            {
                var run = RunDirectory.Open(folder);
                var claim = ((string[])[run.RoundsClaim, run.MergeClaim]).FirstOrDefault(UndoJournal.IsAt);
                return claim is null
                    ? Judge(run, token)
                    : new(folder, [], 0, $"{Claim.ReadHolder(claim)?.ToString() ?? "an unknown command"} holds it", IsKept: true);
            }
        );

    /// <summary>Deletes the partial files of a run, after deciding again while no other command can take it.</summary>
    /// <returns>What was deleted, or why nothing was; null: it has no partial files any more.</returns>
    public CleanedRun? Delete(string folder, CancellationToken token) =>
        OrKept(
            folder,
            () =>
            {
                var run = RunDirectory.Open(folder);
                using var rounds = Claim.Take(run.RoundsClaim, What);
                using var merge = Claim.Take(run.MergeClaim, What);
                written.Forget();
                var decided = Judge(run, token);
                foreach (var file in decided is { IsKept: false } ? decided.Files : [])
                    File.Delete(file);
                return decided;
            }
        );

    /// <summary>A run that cannot be read, or that a command holds, is kept.</summary>
    private static CleanedRun? OrKept(string folder, Func<CleanedRun?> decide)
    {
        try
        {
            return decide();
        }
        catch (HpcFitException failure)
        {
            return new(folder, [], 0, failure.Message, IsKept: true);
        }
    }

    private CleanedRun? Judge(RunDirectory run, CancellationToken token)
    {
        var files = run.PartialFilesOfStages();
        return files.Count == 0 ? null : new(run.Root, files, RunEntry.BytesOf(files), Note(run, files, token, out var isKept), isKept);
    }

    private string Note(RunDirectory run, IReadOnlyList<string> files, CancellationToken token, out bool isKept)
    {
        isKept = true;
        if (run.Document.Spec.Model.Custom?.WriteScalar is { } scalar)
            return $"it wrote the scalar '{scalar}', which is not verified";
        var (names, file, problem) = written.Of(run, token);
        if (problem is not null)
            return problem;
        if (names.Count == 0)
            return $"its results are not in '{file}'";
        var age = DateTime.UtcNow - files.Max(File.GetLastWriteTimeUtc);
        if (age < olderThan)
            return $"its newest partial file is {Age(age)} old";
        isKept = false;
        return string.Join(", ", names.Select(name => "/results/" + name)) + $" in {file}";
    }

    private static string Age(TimeSpan age) =>
        age.TotalDays >= 1 ? CountText.Format((long)age.TotalDays, "day")
        : age.TotalHours >= 1 ? CountText.Format((long)age.TotalHours, "hour")
        : "less than an hour";
}
