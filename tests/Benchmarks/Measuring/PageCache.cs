using System.Runtime.InteropServices;

namespace HpcFit.Benchmarks.Measuring;

/// <summary>
/// Takes a file out of the kernel's page cache, so that the next read comes from the disk: posix_fadvise, which needs no privilege.
/// </summary>
internal static partial class PageCache
{
    private const int DontNeed = 4;

    public static void Drop(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
        var status = posix_fadvise((int)file.DangerousGetHandle(), 0, 0, DontNeed);
        if (status != 0)
            throw new InvalidOperationException($"posix_fadvise on '{path}' failed with error {status}.");
    }

    [LibraryImport("libc")]
    private static partial int posix_fadvise(int fd, long offset, long length, int advice);
}
