using HpcFit.Shared.Failures;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Files;

/// <summary>
/// flock(2) on a file, as libhdf5 itself takes it: another program that has the file open through HDF5 (R, Python) usually holds one. On a
/// file system without locks there is none, and only the claims exclude other writers. Released by <see cref="Dispose"/> or the end of the
/// process.
/// </summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>The descriptor that holds the lock; a writer's is open for reading and writing.</summary>
    public SafeFileHandle Descriptor => _file;

    /// <summary>Takes a writer's lock without waiting.</summary>
    /// <returns>Null when another process holds a lock.</returns>
    public static FileLock? TryTake(string path) => Take(path, FileAccess.ReadWrite, Posix.TryLock);

    /// <summary>Takes a reader's lock, which excludes writers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="patience">How long to wait for a writer.</param>
    /// <exception cref="BusyException">A writer still holds the file.</exception>
    public static FileLock Share(string path, TimeSpan patience)
    {
        var notice = new WaitNotice();
        for (var deadline = DateTime.UtcNow + patience; ; Thread.Sleep(Pause))
        {
            if (Take(path, FileAccess.Read, Posix.TryShare) is { } taken)
                return taken;
            var holders = LockHolders.Describe(path);
            if (DateTime.UtcNow > deadline)
                throw new BusyException($"'{path}' is locked for writing by {holders}. Repeat the command when that has ended.");
            notice.Report($"'{path}' is locked for writing by {holders}.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Explicitly: a process that is being started at this moment has a copy of the descriptor, which would keep the lock until its
        // exec.
        if (!_file.IsClosed)
            Posix.Unlock(_file);
        _file.Dispose();
    }

    private static FileLock? Take(string path, FileAccess access, Func<SafeFileHandle, bool> take)
    {
        var file = File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            if (take(file))
                return new(file);
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
