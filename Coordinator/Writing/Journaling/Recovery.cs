using System.Globalization;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>What a recovery found and did.</summary>
internal enum RecoveryOutcome
{
    /// <summary>There is no journal: the file is as its last writer left it.</summary>
    NothingToDo,

    /// <summary>The write was whole; only its journal was left. It is removed, the file stays as it is.</summary>
    WasCommitted,

    /// <summary>The old bytes are back.</summary>
    Restored,
}

/// <summary>What a recovery did.</summary>
/// <param name="Outcome">What it found and did.</param>
/// <param name="Header">What the journal said; null without one.</param>
/// <param name="Copy">A copy of the file as it was before, made because it had changed since; null: none.</param>
internal sealed record RecoveryReport(RecoveryOutcome Outcome, JournalHeader? Header = null, string? Copy = null);

/// <summary>Undoes an interrupted write. Only for who holds the file's write claim.</summary>
internal static class Recovery
{
    private static readonly TimeSpan patienceWithChild = TimeSpan.FromSeconds(30);

    /// <summary>Brings the old bytes back, if a journal says that a write was interrupted.</summary>
    /// <param name="file">The file's real path.</param>
    /// <param name="force">Restore even into a file that somebody else has changed or replaced since; it is copied first.</param>
    /// <exception cref="BadInputException">Somebody else has changed or replaced the file since, and <paramref name="force"/> is not given.</exception>
    /// <exception cref="DamagedJournalException">The journal is damaged.</exception>
    public static RecoveryReport Run(string file, bool force)
    {
        RemoveUnfinishedJournals(file);
        var path = UndoJournal.PathFor(file);
        if (!File.Exists(path)) return new(RecoveryOutcome.NothingToDo);
        using var alone = WaitForChild(path);
        using var journal = Journal.Open(path);
        if (journal.IsCommitted)
        {
            journal.Remove();
            return new(RecoveryOutcome.WasCommitted, journal.Header);
        }
        string? copy = null;
        if (ForeignChange(file, journal) is { } change)
        {
            if (!force)
                throw new BadInputException(
                    $"'{file}' was being written by {journal.Header.Holder} when that was interrupted, and {change}. Nothing was restored. If the file is a good one (a backup, say), "
                    + $"remove '{path}'. If the bytes from before the interrupted write are wanted: {TypedCommand.Line("recover", "--force", file)} (the file as it is now is copied first).");
            copy = CopyAside(file);
        }
        RollBack(journal, file);
        return new(RecoveryOutcome.Restored, journal.Header, copy);
    }

    /// <summary>Restores what a journal saved, and removes the journal.</summary>
    public static void RollBack(Journal journal, string file)
    {
        using (new JournalHeartbeat(journal.Path)) journal.Restore(file);
        journal.Remove();
    }

    /// <summary>A journal that its writer never finished protects nothing yet: the file was not touched.</summary>
    private static void RemoveUnfinishedJournals(string file)
    {
        var journal = UndoJournal.PathFor(file);
        foreach (var unfinished in Directory.EnumerateFiles(Path.GetDirectoryName(journal)!, Path.GetFileName(journal) + ".*.tmp")) File.Delete(unfinished);
    }

    /// <summary>The writing process locks the journal while it lives: the parent may be dead a moment earlier.</summary>
    private static FileLock WaitForChild(string journal)
    {
        for (var deadline = DateTime.UtcNow + patienceWithChild; ; Thread.Sleep(50))
        {
            if (FileLock.TryTake(journal) is { } alone) return alone;
            if (DateTime.UtcNow > deadline)
                throw new BusyException($"The process that writes beside '{journal}' still runs. End it, or wait, then repeat the command.");
        }
    }

    /// <summary>How the file shows that somebody else had it since; null when it does not.</summary>
    private static string? ForeignChange(string file, Journal journal)
    {
        var (status, header) = (FileStatus.Of(file), journal.Header);
        if (status.Inode != header.Inode) return "another file was put in its place since";
        var last = FileStatus.Of(journal.Path).Modified;
        if (status.Modified == header.Modified && status.Length == header.Length) return null; // the write had not begun
        if (status.Modified > last + JournalHeartbeat.Tolerance)
            return $"somebody else changed it afterwards (at {Time(status.Modified)} UTC; its writer ended at {Time(last)})";
        return status.Modified < header.Holder.Since.UtcDateTime - JournalHeartbeat.Tolerance
            ? $"an older file was copied over it since (of {Time(status.Modified)} UTC)"
            : null;
    }

    private static string CopyAside(string file)
    {
        var copy = $"{file}.before-recover-{DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)}";
        try
        {
            File.Copy(file, copy, overwrite: false);
            Durable.SyncFile(copy);
            return copy;
        }
        catch (IOException failure)
        {
            if (!File.Exists(copy) || failure is FileNotFoundException) throw;
            File.Delete(copy);
            throw new DiskRefusedException(copy, forRoom: true, failure.Message);
        }
    }

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
