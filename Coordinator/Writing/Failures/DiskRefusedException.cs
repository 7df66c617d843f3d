using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Writing.Failures;

/// <summary>The file system refused the write: no space, a quota, a broken device. The file is unchanged.</summary>
/// <param name="file">The file.</param>
/// <param name="isOutOfSpace">Whether space, a quota or a file-size limit was exhausted.</param>
/// <param name="message">The message of the system or the library.</param>
internal sealed class DiskRefusedException(string file, bool isOutOfSpace, string message)
    : HpcFitException(
        (
            isOutOfSpace
                ? $"There is no space to write '{file}': its disk is full, or a quota or file-size limit is reached. The file is "
                    + "unchanged. "
                    + "Free some space and repeat the command (nothing is fitted again), or write to another disk with --output."
                : $"The file system refused to write '{file}'. The file is unchanged. Correct the problem of the disk or the permissions "
                    + "and repeat the command (nothing is fitted again)."
        ) + (message.Length > 0 ? $"\n{message}" : "")
    )
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.FileSystem;
}

/// <summary>
/// Linux error numbers of a failing disk, as opposed to missing permissions; .NET keeps them in <see cref="Exception.HResult"/>.
/// </summary>
internal static class DiskErrors
{
    /// <summary>EIO: the device or the file server failed.</summary>
    public const int Failed = 5;

    /// <summary>EFBIG: a file-size limit (<c>ulimit -f</c>) or that of the file system.</summary>
    public const int FileTooLarge = 27;

    /// <summary>ENOSPC.</summary>
    public const int NoSpace = 28;

    /// <summary>EDQUOT.</summary>
    public const int QuotaExceeded = 122;

    /// <summary>Whether the user lacks permission here (permission, read-only file system), so that another location helps.</summary>
    public static bool IsRefusal(Exception failure) =>
        failure is UnauthorizedAccessException or IOException { HResult: not (Failed or FileTooLarge or NoSpace or QuotaExceeded) };
}
