using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing;

/// <summary>Recovery on the user's word, outside a write.</summary>
internal static class RecoverFile
{
    /// <summary>Takes the write's claim and undoes what was interrupted.</summary>
    /// <param name="path">The file; may be a symbolic link.</param>
    /// <param name="force">Also when somebody else changed or replaced the file since; the bytes that go are saved first.</param>
    /// <param name="takeOver">Also when the claim's holder is not proven dead.</param>
    /// <param name="token">Stops waiting for the claim.</param>
    public static RecoveryReport Run(string path, bool force, bool takeOver, CancellationToken token) =>
        Before(new("hpcfit recover", TimeSpan.Zero, takeOver), path, force, token);

    /// <summary>The same for a command that is about to write.</summary>
    /// <param name="turn">How it waits for the claim.</param>
    /// <param name="path">The file; may be a symbolic link.</param>
    /// <param name="force">Also when somebody else changed or replaced the file since.</param>
    /// <param name="token">Stops waiting for the claim.</param>
    public static RecoveryReport Before(WriteTurn turn, string path, bool force, CancellationToken token)
    {
        var journal = UndoJournal.PathFor(Path.GetFullPath(path));
        if (!File.Exists(path) && UndoJournal.IsAt(journal))
            throw new BadInputException(
                $"'{path}' is gone, only its undo journal '{journal}' is there, which cannot bring it back alone. Put the file back "
                    + "and repeat the command, or remove the journal."
            );
        var file = RealPath.Resolve(path);
        using var claim = WriteClaim.Take(file, turn, token);
        return Recovery.Run(claim.Held, force);
    }
}
