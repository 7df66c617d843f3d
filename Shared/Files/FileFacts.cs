namespace HpcFit.Shared.Files;

/// <summary>
/// The recorded state of a file. As long as all of it is equal, the content counts as unchanged: writing to a file, replacing it or
/// resetting its times all change its ctime, which only the file system sets.
/// </summary>
/// <param name="Path">Its path.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Modified">When its content was last modified, UTC; programs may set it.</param>
/// <param name="Changed">When content or metadata last changed (ctime), UTC.</param>
/// <param name="Inode">Its inode number. The device number is omitted: on NFS it differs from node to node.</param>
public sealed record FileFacts(string Path, long Bytes, DateTimeOffset Modified, DateTimeOffset Changed, ulong Inode)
{
    /// <summary>The present state of a file; symbolic links are followed, and a network file system queries its server.</summary>
    /// <exception cref="IOException">It does not exist, or its folder cannot be entered.</exception>
    public static FileFacts Read(string path)
    {
        var status = Posix.CurrentStatus(path);
        return new(path, status.Length, status.Modified, status.Changed, status.Inode);
    }

    /// <summary>The present state of a file; null when it does not exist or is inaccessible, which reading it will report.</summary>
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

    /// <summary>Whether the file still is in the recorded state.</summary>
    public bool IsUnchanged() => Find(Path) == this;
}

/// <summary>
/// The content of <c>inputs.json</c>: the state of the run's input files when they were last known to match its results.
/// </summary>
/// <param name="Files">Data files, cohorts, a custom model's function, and all files in which a scalar's values are stored.</param>
public sealed record VerifiedInputs(IReadOnlyList<FileFacts> Files);

/// <summary>What <c>hpcfit-worker check</c> writes to standard output as JSON.</summary>
public sealed record InputCheckAnswer
{
    /// <summary>Why the inputs could not be compared; null when they were.</summary>
    public string? Error { get; init; }

    /// <summary>The exit code.</summary>
    public Failures.ExitCode ExitCode { get; init; }

    /// <summary>Differences from the inputs that the run's results were fitted from, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>The state of the input files before they were compared.</summary>
    public IReadOnlyList<FileFacts> Files { get; init; } = [];
}
