using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Files;

/// <summary>Makes bytes and names survive a power cut. Every failure is an <see cref="IOException"/> that names the file.</summary>
public static class Durable
{
    /// <summary>Makes the content of an open file durable.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="IOException">The sync failed: what was written since the last one may be lost.</exception>
    public static void Sync(SafeFileHandle file, string path) => Posix.Sync(file, path);

    /// <summary>Makes a file's content durable, whichever process wrote it.</summary>
    /// <exception cref="IOException">The sync failed.</exception>
    public static void SyncFile(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Sync(file, path);
    }

    /// <summary>Makes the names in a folder durable. A file system that cannot sync folders (EINVAL) is not an error.</summary>
    /// <exception cref="IOException">The sync failed.</exception>
    public static void SyncFolder(string folder) => Posix.SyncFolder(folder);
}
