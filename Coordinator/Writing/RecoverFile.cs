using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing;

/// <summary>Recovery at the user's request, outside a write.</summary>
internal static class RecoverFile
{
    /// <summary>Takes the write's claim and undoes an interrupted write.</summary>
    /// <param name="path">The file; may be a symbolic link.</param>
    /// <param name="force">Restore even if the file was changed or replaced since; the overwritten bytes are saved first.</param>
    /// <param name="takeOver">Proceed even if the claim's holder is not known to be dead.</param>
    /// <param name="token">Cancels waiting for the claim.</param>
    /// <exception cref="BadInputException">It is no regular file.</exception>
    public static RecoveryReport Run(string path, bool force, bool takeOver, CancellationToken token)
    {
        if (File.Exists(path))
            RegularFile.OpenRead(path, "an HDF5 file").Dispose();
        return Before(new("hpcfit recover", TimeSpan.Zero, takeOver), path, force, token);
    }

    /// <summary>The same for a command that is about to write.</summary>
    /// <param name="turn">How to wait for the claim.</param>
    /// <param name="path">The file; may be a symbolic link.</param>
    /// <param name="force">Restore even if the file was changed or replaced since.</param>
    /// <param name="token">Cancels waiting for the claim.</param>
    public static RecoveryReport Before(WriteTurn turn, string path, bool force, CancellationToken token)
    {
        var journal = UndoJournal.PathFor(Path.GetFullPath(path));
        if (!File.Exists(path) && UndoJournal.IsAt(journal))
            throw new BadInputException(
                $"'{path}' is missing; only its undo journal '{journal}' exists, which is not enough to restore it. Put the file back "
                    + "and repeat the command, or remove the journal."
            );
        var file = RealPath.Resolve(path);
        using var claim = WriteClaim.Take(file, turn, token);
        return Recovery.Run(claim.Held, force);
    }
}
