using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Hdf5;

/// <summary>Recognises the crash of libhdf5 on a damaged file in the end of a process that had the file open.</summary>
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

    /// <summary>What to report; null when the process did not crash while it had a file open.</summary>
    /// <param name="status">The process's exit status; 128 + n when signal n ended it.</param>
    /// <param name="file">The HDF5 file that it had open; null: none.</param>
    public static BadInputException? Explain(int status, string? file)
    {
        if (file is null || !Faults.TryGetValue(status - SignalBase, out var signal))
            return null;
        // The C library aborts when its heap was overwritten, and the .NET runtime when it gets no memory.
        var cause =
            status == SignalBase + Abort
                ? $"The process that read it was ended by {signal}, by damage in the file or lack of memory"
                : $"The HDF5 library crashed while reading it ({signal})";
        return new(
            $"'{file}' cannot be read; it is probably damaged. {cause}. Check it with h5dump or h5debug, or restore it from its source."
        );
    }

    /// <summary>What to report about a process that reads HDF5 files and ended before it answered.</summary>
    /// <param name="status">Its exit status; 128 + n when signal n ended it.</param>
    /// <param name="file">The HDF5 file that it had open; null: none.</param>
    /// <param name="words">What it wrote to standard error.</param>
    public static HpcFitException Ending(int status, string? file, string words) =>
        Explain(status, file)
        ?? (
            status == (int)ExitCode.BadInput
                ? new BadInputException(words)
                : (HpcFitException)
                    new ReadRefusedException(
                        $"The process that reads HDF5 files ended with status {status}. It wrote:\n{words}",
                        ExitCode.InternalError
                    )
        );
}
