using HpcFit.Coordinator.Writing.Failures;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// The data file as its writer holds it from the claim to the commit: one descriptor, open for reading and writing, with an exclusive lock.
/// Whatever is put in place under the file's name meanwhile is another file, and is never touched.
/// </summary>
internal sealed class HeldFile : IDisposable
{
    private readonly FileLock _lock;

    /// <param name="path">The file's real path.</param>
    /// <param name="held">Its lock, which is owned from now on.</param>
    public HeldFile(string path, FileLock held)
    {
        (Path, _lock) = (path, held);
        Status = Now();
    }

    /// <summary>The real path.</summary>
    public string Path { get; }

    /// <summary>The descriptor.</summary>
    public SafeFileHandle Descriptor => _lock.Descriptor;

    /// <summary>What it was when it was opened.</summary>
    public FileStatus Status { get; private set; }

    /// <summary>Whether the path still leads to it.</summary>
    public bool IsInPlace
    {
        get
        {
            try
            {
                return FileStatus.Read(Path).IsOfSameFile(Status);
            }
            catch (IOException)
            {
                return false; // removed, or its folder can no longer be entered: not this file either way
            }
        }
    }

    /// <summary>What it is now.</summary>
    public FileStatus Now() => Posix.Status((int)Descriptor.DangerousGetHandle(), Path);

    /// <summary>Takes its present state as the one before a write, after a recovery.</summary>
    public void Refresh() => Status = Now();

    /// <exception cref="FileReplacedException">The path leads to another file, or to none.</exception>
    public void RequireInPlace()
    {
        if (!IsInPlace)
            throw new FileReplacedException(Path);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
