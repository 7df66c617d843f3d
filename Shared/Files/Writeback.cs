using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Files;

/// <summary>
/// Lets the system write to disk what was handed to it so far, while more is computed: the sync at the end then waits for little. Promises
/// nothing about what is on disk.
/// </summary>
/// <param name="file">The file that is written, which stays its owner's.</param>
public sealed class Writeback(SafeFileHandle file)
{
    private const int Every = 8 << 20;

    private long _waiting;

    /// <summary>So many more bytes were written.</summary>
    public void Add(long bytes)
    {
        _waiting += bytes;
        if (_waiting < Every)
            return;
        _waiting = 0;
        Posix.BeginWriting(file);
    }
}
