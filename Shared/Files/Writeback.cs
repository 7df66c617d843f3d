using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Files;

/// <summary>
/// Starts writing dirty pages to disk while more is computed, so that the final sync has little left to write. Guarantees nothing about
/// what is on disk.
/// </summary>
/// <param name="file">The file that is written; the caller keeps and closes it.</param>
public sealed class Writeback(SafeFileHandle file)
{
    private const int Every = 8 << 20;

    private long _waiting;

    /// <summary>Counts bytes written; starts writeback every 8 MiB.</summary>
    public void Add(long bytes)
    {
        _waiting += bytes;
        if (_waiting < Every)
            return;
        _waiting = 0;
        Posix.BeginWriting(file);
    }
}
