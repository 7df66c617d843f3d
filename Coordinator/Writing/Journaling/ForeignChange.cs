using System.Globalization;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>Detects whether another program changed a file after the interrupted write that a journal records.</summary>
internal static class ForeignChange
{
    /// <summary>The tolerance for the times of file and journal on a file server, which sets them when a client's bytes arrive.</summary>
    private static readonly TimeSpan OnFileServer = TimeSpan.FromSeconds(90);

    /// <summary>How much later than the journal the operation in which the writer was killed may have changed the file.</summary>
    private static readonly TimeSpan InsideOperation = TimeSpan.FromSeconds(2);

    /// <summary>The evidence of a change; null: none.</summary>
    public static string? Describe(HeldFile file, Journal journal)
    {
        var (status, header) = (file.Now(), journal.Header);
        if (IsOther(status, header))
            return "another file was put in its place afterwards";
        if (header.Samples?.Any(sample => !sample.Holds(file.Descriptor)) == true)
            return "its values are not those of the file that was written: another file was copied over it afterwards";
        if (status.Modified == header.Modified && status.Length == header.Length)
            return null; // the write had not started
        var last = FileStatus.Read(journal.Path).Modified;
        if (status.Modified > last + Tolerance(journal))
            return $"another program changed it afterwards (at {Time(status.Modified)} UTC; its writer ended at {Time(last)})";
        return status.Modified < header.Holder.Since.UtcDateTime - OnFileServer
            ? $"an older file was copied over it afterwards (of {Time(status.Modified)} UTC)"
            : null;
    }

    /// <summary>Device numbers are specific to a machine: on NFS they differ between nodes.</summary>
    private static bool IsOther(FileStatus status, JournalHeader header) =>
        status.Inode != header.Inode
        || (header.Born is { } born && status.Born is { } now && born != now)
        || (header.Device is { } device && device != status.Device && header.Holder.IsOfThisBoot);

    private static TimeSpan Tolerance(Journal journal)
    {
        if (journal.Header.Format < 2 || !LocalFileSystem.Contains(Path.GetDirectoryName(journal.Path)!))
            return OnFileServer;
        return journal.IsBusy ? InsideOperation : TimeSpan.Zero;
    }

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
