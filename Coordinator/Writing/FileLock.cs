using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing;

/// <summary>
/// flock(2) on a file, as libhdf5 itself takes it: who has the file open through another HDF5 (R, Python) usually holds one. Where the file
/// system has no locks there is none, and the claim alone keeps writers apart. Given up by <see cref="Dispose"/> or the process's death.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>An exclusive lock, at once or not at all.</summary>
    /// <returns>Null when somebody else holds one.</returns>
    public static FileLock? TryTake(string path) => Take(path, FileAccess.ReadWrite, Posix.TryLock);

    /// <summary>A shared lock, at once.</summary>
    /// <exception cref="IOException">Somebody holds it exclusively.</exception>
    public static FileLock Share(string path) => Take(path, FileAccess.Read, Posix.TryShare) ?? throw new IOException($"'{path}' is locked by another process.");

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static FileLock? Take(string path, FileAccess access, Func<SafeFileHandle, bool> take)
    {
        var file = File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            if (take(file)) return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        file.Dispose();
        return null;
    }
}
