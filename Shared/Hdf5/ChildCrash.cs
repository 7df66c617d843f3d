using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Hdf5;

/// <summary>Recognises from the exit status of a process that libhdf5 crashed on a damaged file.</summary>
public static class ChildCrash
{
    private const int SignalBase = 128;
    private const int Abort = 6;

    private static readonly Dictionary<int, string> Faults = new()
    {
        [4] = "SIGILL",
        [Abort] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [11] = "SIGSEGV",
    };

    /// <summary>The error to report; null if the process did not crash with a file open.</summary>
    /// <param name="status">The process's exit status; 128 + n when signal n ended it.</param>
    /// <param name="file">The HDF5 file that it had open; null: none.</param>
    public static BadInputException? Explain(int status, string? file)
    {
        if (file is null || !Faults.TryGetValue(status - SignalBase, out var signal))
            return null;
        // The C library aborts on a corrupted heap, the .NET runtime when memory runs out.
        var cause =
            status == SignalBase + Abort
                ? $"The process that read it was ended by {signal}, by damage in the file or lack of memory"
                : $"The HDF5 library crashed while reading it ({signal})";
        return new(
            $"'{file}' cannot be read; it is probably damaged. {cause}. Check it with h5dump or h5debug, or restore it from its source."
        );
    }

    /// <summary>The error to report for a process that reads HDF5 files and ended before it sent a result.</summary>
    /// <param name="status">Its exit status; 128 + n when signal n ended it.</param>
    /// <param name="file">The HDF5 file that it had open; null: none.</param>
    /// <param name="standardError">Its standard error.</param>
    public static HpcFitException Ending(int status, string? file, string standardError) =>
        Explain(status, file)
        ?? (
            status == (int)ExitCode.BadInput
                ? new BadInputException(standardError)
                : (HpcFitException)
                    new ReadRefusedException(
                        $"The process that reads HDF5 files ended with status {status}. It wrote:\n{standardError}",
                        ExitCode.InternalError
                    )
        );
}
