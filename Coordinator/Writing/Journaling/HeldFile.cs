using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// The data file as held by its writer from the claim to the commit: one descriptor, open for reading and writing, with an exclusive lock.
/// If another file is put in its place during this time, that file is never touched.
/// </summary>
internal sealed class HeldFile : IDisposable
{
    private readonly FileLock _lock;

    /// <param name="path">The file's real path.</param>
    /// <param name="held">Its lock; ownership is transferred.</param>
    public HeldFile(string path, FileLock held)
    {
        (Path, _lock) = (path, held);
        Status = Now();
    }

    /// <summary>The real path.</summary>
    public string Path { get; }

    /// <summary>The descriptor.</summary>
    public SafeFileHandle Descriptor => _lock.Descriptor;

    /// <summary>Its status when it was opened.</summary>
    public FileStatus Status { get; private set; }

    /// <summary>Whether the path still leads to this file.</summary>
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
                return false; // removed, or its folder can no longer be entered: in either case not this file
            }
        }
    }

    /// <summary>Its current status.</summary>
    public FileStatus Now() => Posix.Status((int)Descriptor.DangerousGetHandle(), Path);

    /// <summary>Records the current status as the one before a write, after a recovery.</summary>
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

/// <summary>The data file was replaced, moved or removed during the write.</summary>
/// <param name="file">Its path.</param>
/// <param name="inner">The error by which this was noticed; null: found by a check.</param>
internal sealed class FileReplacedException(string file, Exception? inner = null)
    : HpcFitException(
        $"'{file}' was replaced, moved or removed while results were written into it. The file that has this name now was not touched, and "
            + "the file that was written has its old "
            + "bytes again. Check which file is the right one, then repeat the command (nothing is fitted again unless the data differ).",
        inner
    )
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.BadInput;
}
