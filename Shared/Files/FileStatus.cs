namespace HpcFit.Shared.Files;

/// <summary>What distinguishes a file from another, and from a later state of itself.</summary>
/// <param name="Device">The device number on this machine; on NFS it differs from node to node.</param>
/// <param name="Inode">Its inode number, which may be reused after the file is deleted.</param>
/// <param name="Born">When the inode was created, UTC; null where the file system does not record it.</param>
/// <param name="Kind">The kind bits of its mode (S_IFMT).</param>
/// <param name="Mode">The permission bits of its mode.</param>
/// <param name="Owner">The id of the user who owns it.</param>
/// <param name="Group">The id of its group.</param>
/// <param name="Links">The number of its hard links.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Modified">When its content last changed, by its file server's clock, UTC.</param>
/// <param name="Changed">When its content or metadata last changed (ctime), by the same clock, UTC.</param>
public sealed record FileStatus(
    ulong Device,
    ulong Inode,
    DateTime? Born,
    int Kind,
    int Mode,
    uint Owner,
    uint Group,
    uint Links,
    long Length,
    DateTime Modified,
    DateTime Changed
)
{
    private const int Regular = 0x8000,
        SymbolicLink = 0xa000,
        Folder = 0x4000,
        Pipe = 0x1000; // S_IFREG, S_IFLNK, S_IFDIR, S_IFIFO

    /// <summary>Whether it is a regular file.</summary>
    public bool IsRegular => Kind == Regular;

    /// <summary>Its kind, for messages.</summary>
    public string KindText =>
        Kind switch
        {
            Regular => "a file",
            SymbolicLink => "a symbolic link",
            Folder => "a folder",
            Pipe => "a pipe (FIFO)",
            _ => "a device or a socket",
        };

    /// <summary>Identifies it at this moment on this machine.</summary>
    public FileIdentity Identity => new(Device, Inode);

    /// <summary>Whether both describe the same file, according to <see cref="Identity"/>.</summary>
    public bool IsOfSameFile(FileStatus other) => Identity == other.Identity;

    /// <summary>The status of an existing file; symbolic links are followed.</summary>
    public static FileStatus Read(string path) => Posix.Status(path);
}
