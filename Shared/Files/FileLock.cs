using HpcFit.Shared.Failures;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Files;

/// <summary>
/// flock(2) on a file, as libhdf5 itself takes it: who has the file open through another HDF5 (R, Python) usually holds one. Where the file
/// system has no locks there is none, and the claims alone keep writers apart. Given up by <see cref="Dispose"/> or the process's death.
/// </summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>The descriptor that holds the lock; a writer's is open for reading and writing.</summary>
    public SafeFileHandle Descriptor => _file;

    /// <summary>A writer's lock, at once or not at all.</summary>
    /// <returns>Null when somebody else holds any.</returns>
    public static FileLock? TryTake(string path) => Take(path, FileAccess.ReadWrite, Posix.TryLock);

    /// <summary>A reader's lock: a writer waits for it.</summary>
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
        // By name: a process that is being started at this moment still has a copy of the descriptor, and would keep the lock until it runs
        // its program.
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
