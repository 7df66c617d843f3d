using System.Globalization;
using HpcFit.Coordinator.Writing.Failures;
using HpcFit.Shared.Claims;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>The outcome of a recovery.</summary>
internal enum RecoveryOutcome
{
    /// <summary>There is no journal: the file is as its last writer left it.</summary>
    NothingToDo,

    /// <summary>The write was complete; only its journal remained and was removed. The file is unchanged.</summary>
    WasCommitted,

    /// <summary>The old bytes were restored.</summary>
    Restored,
}

/// <summary>The result of a recovery.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Header">The journal's header; null without a journal.</param>
/// <param name="Copy">A copy of the bytes that were overwritten, made because the file had changed; null: none.</param>
internal sealed record RecoveryReport(RecoveryOutcome Outcome, JournalHeader? Header = null, string? Copy = null);

/// <summary>Undoes an interrupted write. The caller must hold the file's write claim.</summary>
internal static class Recovery
{
    private static readonly TimeSpan PatienceWithChild = TimeSpan.FromSeconds(30);

    /// <summary>Restores the old bytes, if a journal records an interrupted write.</summary>
    /// <param name="file">The file, whose write claim the caller holds.</param>
    /// <param name="force">Restore even a file that another program has changed or replaced since; the bytes that are overwritten are saved
    /// first.</param>
    /// <exception cref="BadInputException">Another program has changed or replaced the file since, and <paramref name="force"/> is not
    /// given;
    /// or the journal or the file belongs to another user.</exception>
    /// <exception cref="DamagedJournalException">The journal is damaged.</exception>
    public static RecoveryReport Run(HeldFile file, bool force)
    {
        var path = UndoJournal.PathFor(file.Path);
        TemporaryFile.RemoveLeftOvers(path);
        if (!UndoJournal.IsAt(path))
            return new(RecoveryOutcome.NothingToDo);
        JournalOwner.Require(path, file);
        using var alone = WaitForChild(path);
        using var journal = Journal.Open(path);
        if (journal.IsCommitted)
        {
            journal.Remove();
            return new(RecoveryOutcome.WasCommitted, journal.Header);
        }
        JournalOwner.RequireSame(journal, file);
        string? copy = null;
        if (ForeignChange.Describe(file, journal) is { } change)
        {
            if (!force)
                throw new BadInputException(
                    $"The write of {journal.Header.Holder} into '{file.Path}' was interrupted, and {change}. Nothing was "
                        + "restored. If the file is intact (a backup, for example), "
                        + $"remove '{path}'. To restore the bytes from before the interrupted write: "
                        + $"{TypedCommand.Line("recover", "--force", file.Path)} (the bytes that this overwrites are saved first)."
                );
            copy = SaveAside(file, journal);
        }
        file.RequireInPlace();
        RollBack(journal, file);
        return new(RecoveryOutcome.Restored, journal.Header, copy);
    }

    /// <summary>Restores the bytes that a journal saved, and removes the journal.</summary>
    public static void RollBack(Journal journal, HeldFile file)
    {
        using (new JournalHeartbeat(journal.Path))
            journal.Restore(file);
        journal.Remove();
    }

    /// <summary>The writing process locks the journal while it lives, because its parent may die a moment earlier.</summary>
    private static FileLock WaitForChild(string journal)
    {
        for (var deadline = DateTime.UtcNow + PatienceWithChild; ; Thread.Sleep(50))
        {
            if (FileLock.TryTake(journal) is { } alone)
                return alone;
            if (DateTime.UtcNow > deadline)
                throw new BusyException(
                    $"The process that writes with the journal '{journal}' is still running. End it, or wait, then repeat the command."
                );
        }
    }

    /// <summary>Saves the bytes that a restoration is about to overwrite, as a separate journal, which can be restored in turn.</summary>
    private static string SaveAside(HeldFile file, Journal journal)
    {
        var copy = $"{file.Path}.before-recover-{DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)}";
        var length = file.Now().Length;
        List<ByteRange> replaced =
        [
            .. journal.Ranges.Where(range => range.Start < length).Select(range => range with { End = Math.Min(range.End, length) }),
        ];
        if (length > journal.Header.Length)
            replaced.Add(new(journal.Header.Length, length));
        try
        {
            JournalWriter.Write(
                copy,
                JournalHeader.From(file, journal.Header.Holder, replaced),
                file.Descriptor,
                replaced,
                CancellationToken.None
            );
            return copy;
        }
        catch (IOException failure)
        {
            throw new DiskRefusedException(
                copy,
                isOutOfSpace: failure.HResult is DiskErrors.NoSpace or DiskErrors.QuotaExceeded or DiskErrors.FileTooLarge,
                failure.Message
            );
        }
    }
}
