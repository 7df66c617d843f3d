namespace HpcFit.Shared.Files;

/// <summary>The names of files while they are written, before they are renamed: <c>FILE.&lt;32 hexadecimal digits&gt;.tmp</c>.</summary>
public static class TemporaryFile
{
    private const string Ending = ".tmp";
    private const int NonceBytes = 16;

    /// <summary>A new temporary name in the folder of a file.</summary>
    public static string NameFor(string path) => $"{path}.{Nonce.Hex(NonceBytes)}{Ending}";

    /// <summary>
    /// Removes the temporary files that killed writers of a file left behind. Names are compared literally, because a file may be called
    /// <c>*.h5</c>. For the holder of the claim on the file, so that no other writer is at work.
    /// </summary>
    public static void RemoveLeftOvers(string path)
    {
        foreach (var leftOver in LeftOvers(path))
            File.Delete(leftOver);
    }

    /// <summary>The temporary files of a file, whether or not their writers are alive.</summary>
    public static IReadOnlyList<string> LeftOvers(string path)
    {
        var start = Path.GetFileName(path) + '.';
        return
        [
            .. Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!).Where(file => IsOf(start, Path.GetFileName(file))),
        ];
    }

    /// <summary>
    /// Removes the temporary files of killed writers while other writers may be at work: a writer keeps its file locked. A writer whose
    /// file is removed nevertheless (on a file system without locks, or just before it locks it) creates another.
    /// </summary>
    public static void RemoveAbandoned(string path)
    {
        foreach (var leftOver in LeftOvers(path))
            RemoveIfAbandoned(leftOver);
    }

    /// <summary>The same for all files of a folder that belongs to this program.</summary>
    public static void RemoveAbandonedIn(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.EnumerateFiles(folder).Where(IsOfAny))
            RemoveIfAbandoned(file);
    }

    private static void RemoveIfAbandoned(string file)
    {
        try
        {
            using var abandoned = FileLock.TryTake(file);
            if (abandoned is not null)
                File.Delete(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Its writer has just renamed it, or it belongs to another user, whose next write removes it.
        }
    }

    private static bool IsOfAny(string file)
    {
        var start = file.Length - (2 * NonceBytes) - Ending.Length;
        return start > 1 && file[start - 1] == '.' && IsOf(Path.GetFileName(file[..start]), Path.GetFileName(file));
    }

    private static bool IsOf(string start, string name) =>
        name.Length == start.Length + (2 * NonceBytes) + Ending.Length
        && name.StartsWith(start, StringComparison.Ordinal)
        && name.EndsWith(Ending, StringComparison.Ordinal)
        && Guid.TryParseExact(name.AsSpan(start.Length, 2 * NonceBytes), "N", out _);
}
