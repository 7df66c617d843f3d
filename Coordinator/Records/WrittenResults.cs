using HpcFit.Coordinator.Reading;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Records;

/// <summary>
/// Whether a run's results exist in their target. The file itself is examined, since an analysis may have been deleted or replaced by
/// another run's.
/// </summary>
internal static class WrittenResults
{
    /// <summary>Whether a file holds the results of a run under the target's name.</summary>
    /// <param name="run">The run.</param>
    /// <param name="target">Where its results go.</param>
    /// <param name="analyses">What HpcFit wrote into the target's file.</param>
    public static bool AreAmong(RunDocument run, OutputTarget target, IReadOnlyList<WrittenAnalysis> analyses)
    {
        var rows = target.FullLength ? run.Inputs.TotalElements : run.ElementSet().Count;
        return analyses.Contains(new(target.Analysis, run.Digest, rows));
    }

    /// <summary>Whether the target holds the results of a run. Waits for a write in progress.</summary>
    /// <param name="run">The run.</param>
    /// <param name="target">Where its results go.</param>
    /// <param name="metadataTimeout">How long a call into the HDF5 library may take.</param>
    /// <param name="token">Stops it.</param>
    public static bool AreThere(RunDocument run, OutputTarget target, TimeSpan metadataTimeout, CancellationToken token)
    {
        var file = FileOf(run, target);
        if (!File.Exists(file))
            return false;
        using var child = new ReadingChild(metadataTimeout);
        try
        {
            return AreAmong(
                run,
                target,
                WrittenAnalysis.From(UndoJournal.ReadBetweenWrites(file, UndoJournal.Patience, () => child.Analyses(file, token), token))
            );
        }
        catch (HpcFitException unreadable) when (unreadable.ExitCode == ExitCode.BadInput && target.OutputFile is not null)
        {
            return false; // another kind of file; replacing it requires --overwrite
        }
    }

    /// <summary>As <see cref="AreThere"/> without waiting, for display; null when the file cannot be read now.</summary>
    /// <inheritdoc cref="AreThere"/>
    public static bool? AreThereNow(RunDocument run, OutputTarget target, CancellationToken token)
    {
        var file = FileOf(run, target);
        if (!File.Exists(file))
            return false;
        try
        {
            if (File.Exists(UndoJournal.PathFor(RealPath.Resolve(file))))
                return null;
            using var child = new ReadingChild(LibraryWatch.DefaultLimit);
            return AreAmong(run, target, WrittenAnalysis.From(child.Analyses(file, token)));
        }
        catch (HpcFitException)
        {
            return null;
        }
    }

    /// <summary>The report to the user when there is nothing to do.</summary>
    public static string Line(RunDocument run, OutputTarget target) =>
        $"written    /results/{target.Analysis} in {FileOf(run, target)} already holds the results of this run ({run.Digest[..12]}): "
        + "nothing was done. Write them again with --overwrite.";

    private static string FileOf(RunDocument run, OutputTarget target) => target.OutputFile ?? run.Spec.Data[0].Path;
}
