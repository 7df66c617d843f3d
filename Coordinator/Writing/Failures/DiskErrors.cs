namespace HpcFit.Coordinator.Writing.Failures;

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
