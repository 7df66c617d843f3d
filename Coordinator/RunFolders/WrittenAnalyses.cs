using HpcFit.Coordinator.Reading;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.RunFolders;

/// <summary>
/// Where the results of runs are now, according to the files themselves: an analysis may have been renamed, deleted, or replaced by that
/// of another run. Each file is read once.
/// </summary>
/// <param name="reading">Reads files.</param>
internal sealed class WrittenAnalyses(ReadingChild reading)
{
    private readonly Dictionary<string, (IReadOnlyList<AnalysisSummary> Analyses, string? Problem)> _files = new(StringComparer.Ordinal);

    /// <summary>
    /// The analyses that contain the results of a run, in the file of its target or in its data file; or why they are not known.
    /// </summary>
    public (IReadOnlyList<string> Names, string File, string? Problem) Of(RunDirectory run, CancellationToken token)
    {
        var document = run.Document;
        var file = run.ReadTarget()?.OutputFile ?? document.Spec.Data[0].Path;
        if (!_files.TryGetValue(file, out var known))
            _files[file] = known = Read(file, token);
        var rows = new[] { document.ElementSet().Count, document.Inputs.TotalElements };
        var names = known.Analyses.Where(one => one.Run == document.Digest && rows.Contains(one.Elements)).Select(one => one.Name);
        return ([.. names], file, known.Problem);
    }

    /// <summary>Reads files again when they are needed next.</summary>
    public void Forget() => _files.Clear();

    private (IReadOnlyList<AnalysisSummary>, string?) Read(string file, CancellationToken token)
    {
        if (!File.Exists(file))
            return ([], $"'{file}' does not exist");
        try
        {
            return (UndoJournal.ReadBetweenWrites(file, UndoJournal.Patience, () => reading.Analyses(file, token), token), null);
        }
        catch (HpcFitException failure)
        {
            return ([], $"'{file}' cannot be read: {failure.Message}");
        }
    }
}
