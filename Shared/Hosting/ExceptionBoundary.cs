using System.ComponentModel;
using HpcFit.Shared.Failures;
using Microsoft.Extensions.Logging;

namespace HpcFit.Shared.Hosting;

/// <summary>
/// The outermost edge of a program, the only place where every exception is caught: foreseen failures are said in their own words, without
/// a trace; a cancelled command ends as such; what the file system refuses is told in its words; anything else is a bug, whose trace goes
/// to the log, or to standard error where there is none.
/// </summary>
public static class ExceptionBoundary
{
    private const int TryAgain = 11,
        NoMemory = 12,
        TooManyInSystem = 23,
        TooManyFiles = 24; // EAGAIN, ENOMEM, ENFILE, EMFILE

    /// <summary>Runs what happens before or outside a command's logging.</summary>
    /// <returns>The process's exit code.</returns>
    public static int Guard(Func<ExitCode> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return (int)Caught(work, (message, failure) => WriteError(failure is null ? message : $"{message}{Environment.NewLine}{failure}"));
    }

    /// <summary>Writes to standard error. Where that is a file on a full disk, nobody can be told, and the exit code must do.</summary>
    public static void WriteError(string text)
    {
        try
        {
            Console.Error.WriteLine(text);
        }
        catch (IOException) { }
    }

    /// <summary>Runs a command, telling its failures to <paramref name="log"/>, whose console shows messages without traces.</summary>
    internal static ExitCode Report(Func<ExitCode> work, ILogger log, LateLogFile file) =>
        Caught(
            work,
            (message, failure) =>
            {
                HostingLog.Failed(log, message, failure);
                if (failure is not null && !file.IsOpen)
                    WriteError(failure.ToString());
            }
        );

    private static ExitCode Caught(Func<ExitCode> work, Action<string, Exception?> tell)
    {
        try
        {
            return work();
        }
        catch (HpcFitException failure)
        {
            tell(failure.Message, null);
            return failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            tell("Stopped on request. Everything finished so far is kept.", null);
            return ExitCode.Cancelled;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The disk, not the program: the system's own words name the file, and a trace would only hide them.
            tell(
                $"The file system refused: {failure.Message} Everything finished so far is kept; make room or mend the permission, "
                    + "then go on with the same command.",
                null
            );
            return ExitCode.FileSystem;
        }
        catch (Win32Exception failure) when (failure.NativeErrorCode is TryAgain or NoMemory)
        {
            tell(
                $"The system refused another process: {failure.Message}. Raise the limit on processes and threads (ulimit -u), use "
                    + "fewer workers, or give the job more memory.",
                null
            );
            return ExitCode.OutOfMemory;
        }
        catch (Win32Exception failure) when (failure.NativeErrorCode is TooManyInSystem or TooManyFiles)
        {
            tell(
                $"The system refused another process: {failure.Message}. Raise the limit on open files (ulimit -n), or use fewer workers.",
                null
            );
            return ExitCode.FileSystem;
        }
        catch (OutOfMemoryException failure)
        {
            tell("Out of memory: this process may have no more. Give it more, fewer threads, or smaller jobs.", failure);
            return ExitCode.OutOfMemory;
        }
#pragma warning disable CA1031 // this is the rim: what arrives here would end the process with a trace and an exit code nobody can rely on
        catch (Exception failure)
#pragma warning restore CA1031
        {
            tell($"Unforeseen failure: {failure.Message}", failure);
            return ExitCode.InternalError;
        }
    }
}
