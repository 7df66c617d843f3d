using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Writing;

/// <summary>Recovery on the user's word, outside a write.</summary>
internal static class RecoverFile
{
    /// <summary>Takes the write's claim and undoes what was interrupted.</summary>
    /// <param name="path">The file; may be a symbolic link.</param>
    /// <param name="force">Also when somebody else changed or replaced the file since; it is copied first.</param>
    /// <param name="takeOver">Also when the claim's holder is not proven dead.</param>
    /// <param name="token">Stops waiting for the claim.</param>
    public static RecoveryReport Run(string path, bool force, bool takeOver, CancellationToken token)
    {
        var journal = UndoJournal.PathFor(Path.GetFullPath(path));
        if (!File.Exists(path) && File.Exists(journal))
            throw new BadInputException($"'{path}' is gone, only its undo journal '{journal}' is there, which cannot bring it back alone. Put the file back and repeat the command, or remove the journal.");
        var file = RealPath.Of(path);
        using var claim = WriteClaim.Take(file, new("hpcfit recover", TimeSpan.Zero, takeOver), token);
        return Recovery.Run(claim.Held, force);
    }
}
