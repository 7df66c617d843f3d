using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// Distinguishes file systems of this machine, which set file times by its clock, from all others. The kernel is asked for the type of the
/// file system itself (statfs): the list of mounts contains neither the file system below a chroot nor the device numbers of btrfs
/// subvolumes.
/// </summary>
internal static class LocalFileSystem
{
    /// <summary>Magic numbers of <c>linux/magic.h</c> and of the file systems' own headers.</summary>
    private static readonly uint[] Types =
    [
        0x0000EF53, // ext2, ext3, ext4
        0x58465342, // XFS
        0x9123683E, // btrfs
        0x2FC12FC1, // ZFS
        0xF2F52010, // F2FS
        0xCA451A4E, // bcachefs
        0x3153464A, // JFS
        0x52654973, // ReiserFS
        0x00003434, // NILFS
        0x00004D44, // FAT
        0x2011BAB0, // exFAT
        0x5346544E, // NTFS, read-only driver
        0x7366746E, // NTFS
        0x0000482B, // HFS+
        0x01021994, // tmpfs
        0x858458F6, // ramfs
        0x794C7630, // overlay, whose writable layer cannot be on a file server
    ];

    /// <summary>Whether a folder is on such a file system; false for file servers, FUSE, unknown types, and if the kernel fails.</summary>
    public static bool Contains(string folder) => Posix.FileSystemType(folder) is { } type && IsLocal(type);

    /// <summary>Whether a magic number is that of such a file system.</summary>
    public static bool IsLocal(uint type) => Types.Contains(type);
}
