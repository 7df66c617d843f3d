namespace HpcFit.Shared.Hdf5.Native;

/// <summary>The files from which this process's libraries were loaded, as the kernel lists them.</summary>
internal static class LoadedFiles
{
    private const string Maps = "/proc/self/maps";

    /// <summary>The file of a library; null: not listed.</summary>
    /// <param name="path">A file, or a soname, which may be the name of a symbolic link to a file whose name continues with the
    /// release.</param>
    public static string? Find(string path)
    {
        if (Path.IsPathRooted(path))
            return path;
        return File.Exists(Maps) ? File.ReadLines(Maps).Select(FileOf).FirstOrDefault(file => IsNamed(file, path)) : null;
    }

    /// <summary>The sixth field of a line; empty for memory without a file.</summary>
    private static string FileOf(string line) => line.IndexOf('/', StringComparison.Ordinal) is var start and >= 0 ? line[start..] : "";

    private static bool IsNamed(string file, string soname) =>
        Path.GetFileName(file) is var name && (name == soname || name.StartsWith($"{soname}.", StringComparison.Ordinal));
}
