namespace HpcFit.Shared.Files;

/// <summary>The names under which files are made before they take their place: <c>FILE.&lt;32 hexadecimal digits&gt;.tmp</c>.</summary>
public static class TemporaryFile
{
    private const string Ending = ".tmp";
    private const int NonceBytes = 16;

    /// <summary>A new name beside a file.</summary>
    public static string NameFor(string path) => $"{path}.{Nonce.Hex(NonceBytes)}{Ending}";

    /// <summary>
    /// Removes what killed makers of a file left. Names are compared letter by letter, because a file may be called <c>*.h5</c>. For who
    /// holds the right to make it: nobody else's is at work then.
    /// </summary>
    public static void RemoveLeftOvers(string path)
    {
        foreach (var leftOver in LeftOvers(path))
            File.Delete(leftOver);
    }

    /// <summary>The temporary files of a file, its makers dead or alive.</summary>
    public static IReadOnlyList<string> LeftOvers(string path)
    {
        var start = Path.GetFileName(path) + '.';
        return
        [
            .. Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!).Where(file => IsOf(start, Path.GetFileName(file))),
        ];
    }

    /// <summary>
    /// Removes those of killed makers while others may be at work: a maker locks its file as long as it lives. One that loses its file all
    /// the same, where a file system has no locks or in the moment before it locked it, makes another.
    /// </summary>
    public static void RemoveAbandoned(string path)
    {
        foreach (var leftOver in LeftOvers(path))
            RemoveIfAbandoned(leftOver);
    }

    /// <summary>The same for all files of a folder that is this program's own.</summary>
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
            // Its maker has just renamed it, or it is another user's, who removes it at the next write.
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
