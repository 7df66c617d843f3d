using System.Runtime.InteropServices;

namespace HpcFit.Coordinator.Writing;

/// <summary>The few calls of the C library that the write needs and .NET does not offer. Constants are those of every Linux architecture.</summary>
internal static partial class Posix
{
    private const int InvalidArgument = 22; // EINVAL
    private const int ReadOnly = 0x80000; // O_RDONLY | O_CLOEXEC; O_DIRECTORY, whose value differs between architectures, is not needed

    /// <summary>Makes the names in a folder durable; EINVAL means a file system that cannot.</summary>
    public static void SyncFolder(string folder)
    {
        var descriptor = open(folder, ReadOnly, 0);
        if (descriptor < 0) throw Failure("open the folder", folder);
        try
        {
            if (fsync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument) throw Failure("sync the folder", folder);
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    private static IOException Failure(string doing, string path) => new($"Cannot {doing} '{path}': {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);
}
