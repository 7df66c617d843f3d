namespace HpcFit.Shared.Runs;

/// <summary>Makes bytes and names survive a power cut.</summary>
public static class Durable
{
    /// <summary>A file's content, whoever wrote it.</summary>
    public static void SyncFile(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>The names in a folder. A file system that cannot sync folders is taken at its word.</summary>
    public static void SyncFolder(string folder) => Posix.SyncFolder(folder);
}
