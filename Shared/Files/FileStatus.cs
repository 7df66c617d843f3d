namespace HpcFit.Shared.Files;

/// <summary>What distinguishes a file from another, and from a later state of itself.</summary>
/// <param name="Device">The file system's number on this machine; on NFS another on each node.</param>
/// <param name="Inode">Its number in its file system. One that was deleted may give it to the next.</param>
/// <param name="Born">When the inode was made, UTC; null where the file system does not record it.</param>
/// <param name="Kind">The kind bits of its mode (S_IFMT).</param>
/// <param name="Mode">The permission bits of its mode.</param>
/// <param name="Owner">Its user.</param>
/// <param name="Group">Its group.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Modified">When its content last changed, by its file server's clock, UTC.</param>
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
    DateTime Modified
)
{
    private const int Regular = 0x8000,
        SymbolicLink = 0xa000,
        Folder = 0x4000,
        Pipe = 0x1000; // S_IFREG, S_IFLNK, S_IFDIR, S_IFIFO

    /// <summary>Whether it is an ordinary file.</summary>
    public bool IsRegular => Kind == Regular;

    /// <summary>What it is, for messages.</summary>
    public string KindText =>
        Kind switch
        {
            Regular => "a file",
            SymbolicLink => "a symbolic link",
            Folder => "a folder",
            Pipe => "a pipe (FIFO)",
            _ => "a device or a socket",
        };

    /// <summary>What identifies it at this moment on this machine.</summary>
    public FileIdentity Identity => new(Device, Inode);

    /// <summary>Whether both are of the same file, by what identifies it at this moment on this machine.</summary>
    public bool IsOfSameFile(FileStatus other) => Identity == other.Identity;

    /// <summary>The status of a file that is there; a symbolic link stands for its target.</summary>
    public static FileStatus Read(string path) => Posix.Status(path);
}
