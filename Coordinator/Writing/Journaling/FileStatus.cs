namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>What tells a file from another and from a later state of itself.</summary>
/// <param name="Inode">Its number in its file system. The device's number is left out: on NFS it differs from node to node.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Modified">When its content last changed, by its file server's clock, UTC.</param>
internal sealed record FileStatus(ulong Inode, uint Links, long Length, DateTime Modified)
{
    /// <summary>The status of a file that is there.</summary>
    public static FileStatus Of(string path)
    {
        var (inode, links, length, ticks) = Posix.Status(path);
        return new(inode, links, length, new(ticks, DateTimeKind.Utc));
    }
}
