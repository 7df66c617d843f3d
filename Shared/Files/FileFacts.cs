namespace HpcFit.Shared.Files;

/// <summary>
/// A file as it was found. While all of it is the same, the content is taken as unchanged: whoever writes to a file, replaces it or puts
/// its times back changes the time of change, which only the file system sets.
/// </summary>
/// <param name="Path">Its path.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Modified">When its content was last modified, UTC; programs may set it.</param>
/// <param name="Changed">When content or metadata last changed (ctime), UTC.</param>
/// <param name="Inode">Its number in its file system. The device's number is left out: on NFS it differs from node to node.</param>
public sealed record FileFacts(string Path, long Bytes, DateTimeOffset Modified, DateTimeOffset Changed, ulong Inode)
{
    /// <summary>The facts of a file; symbolic links are followed, and a network file system asks its server.</summary>
    /// <exception cref="IOException">It is not there, or its folder may not be entered.</exception>
    public static FileFacts Read(string path)
    {
        var (inode, bytes, modified, changed) = Posix.Facts(path);
        return new(path, bytes, modified, changed, inode);
    }

    /// <summary>The facts of a file; null when it is not there or out of reach: whoever reads it next names it.</summary>
    public static FileFacts? Find(string path)
    {
        try
        {
            return Read(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Whether the file is still as it was found.</summary>
    public bool IsUnchanged() => Find(Path) == this;
}

/// <summary>
/// The content of <c>inputs.json</c>: the run's input files as they were when they were last found to hold what its results were fitted
/// from.
/// </summary>
/// <param name="Files">Data files, cohorts, a custom model's function, and every file that a scalar's values are stored in.</param>
public sealed record VerifiedInputs(IReadOnlyList<FileFacts> Files);

/// <summary>What <c>hpcfit-worker check</c> writes to standard output as JSON.</summary>
public sealed record InputCheckAnswer
{
    /// <summary>Why the inputs could not be compared; null when they were.</summary>
    public string? Error { get; init; }

    /// <summary>The exit code.</summary>
    public Failures.ExitCode ExitCode { get; init; }

    /// <summary>What differs from what the run's results were fitted from, a sentence each; empty when nothing does.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>The input files as they were before they were compared.</summary>
    public IReadOnlyList<FileFacts> Files { get; init; } = [];
}
