using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Files;

/// <summary>Makes bytes and names survive a power cut. Every failure is an <see cref="IOException"/> that names the file.</summary>
public static class Durable
{
    /// <summary>The content of a file that is open.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="IOException">The disk did not take it: what was written since the last sync may be lost.</exception>
    public static void Sync(SafeFileHandle file, string path) => Posix.Sync(file, path);

    /// <summary>A file's content, whoever wrote it.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void SyncFile(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Sync(file, path);
    }

    /// <summary>The names in a folder. A file system that cannot sync folders (EINVAL) is taken at its word.</summary>
    /// <exception cref="IOException">The disk did not take them.</exception>
    public static void SyncFolder(string folder) => Posix.SyncFolder(folder);
}
