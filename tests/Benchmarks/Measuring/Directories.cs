namespace HpcFit.Benchmarks.Measuring;

/// <summary>Folders that a measurement empties before it starts.</summary>
internal static class Directories
{
    public static void Clear(string folder, bool andCreate = false)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        if (andCreate)
            Directory.CreateDirectory(folder);
    }
}
