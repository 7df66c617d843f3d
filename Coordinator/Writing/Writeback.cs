using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing;

/// <summary>
/// Lets the system write to disk what was handed to it so far, while more is compressed: the sync at the end then waits for little. Promises
/// nothing about what is on disk.
/// </summary>
/// <param name="path">The file that is written.</param>
internal sealed class Writeback(string path) : IDisposable
{
    private const int Every = 8 << 20;

    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    private long _waiting;

    /// <summary>So many more bytes were written.</summary>
    public void Add(int bytes)
    {
        _waiting += bytes;
        if (_waiting < Every) return;
        _waiting = 0;
        Posix.BeginWriting(_file);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
