using System.ComponentModel;
using HpcFit.Shared.Failures;
using Microsoft.Extensions.Logging;

namespace HpcFit.Shared.Hosting;

/// <summary>
/// The outermost exception handler of a program, the only place where every exception is caught: expected failures are reported by their
/// message, without a trace; a cancelled command ends as such; failures of the file system are reported with the system's message; anything
/// else is a bug, whose trace goes to the log file, or to standard error if there is none.
/// </summary>
public static class ExceptionBoundary
{
    private const int TryAgain = 11,
        NoMemory = 12,
        TooManyInSystem = 23,
        TooManyFiles = 24; // EAGAIN, ENOMEM, ENFILE, EMFILE

    /// <summary>Runs work that happens before or outside a command's logging.</summary>
    /// <returns>The process's exit code.</returns>
    public static int Guard(Func<ExitCode> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return (int)Caught(work, (message, failure) => WriteError(failure is null ? message : $"{message}{Environment.NewLine}{failure}"));
    }

    /// <summary>Writes to standard error. If that fails (a file on a full disk), only the exit code reports the failure.</summary>
    public static void WriteError(string text)
    {
        try
        {
            Console.Error.WriteLine(text);
        }
        catch (IOException) { }
    }

    /// <summary>Runs a command and logs its failures to <paramref name="log"/>, whose console shows messages without traces.</summary>
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

    private static ExitCode Caught(Func<ExitCode> work, Action<string, Exception?> report)
    {
        try
        {
            return work();
        }
        catch (HpcFitException failure)
        {
            report(failure.Message, null);
            return failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            report("Stopped on request. Everything finished so far is kept.", null);
            return ExitCode.Cancelled;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Caused by the disk, not the program: the system's message names the file, and a trace would only obscure it.
            report(
                $"The file system refused: {failure.Message} Everything finished so far is kept; free space or correct the permission, "
                    + "then continue with the same command.",
                null
            );
            return ExitCode.FileSystem;
        }
        catch (Win32Exception failure) when (failure.NativeErrorCode is TryAgain or NoMemory)
        {
            report(
                $"The system refused another process: {failure.Message}. Raise the limit on processes and threads (ulimit -u), use "
                    + "fewer workers, or give the job more memory.",
                null
            );
            return ExitCode.OutOfMemory;
        }
        catch (Win32Exception failure) when (failure.NativeErrorCode is TooManyInSystem or TooManyFiles)
        {
            report(
                $"The system refused another process: {failure.Message}. Raise the limit on open files (ulimit -n), or use fewer workers.",
                null
            );
            return ExitCode.FileSystem;
        }
        catch (OutOfMemoryException failure)
        {
            report("Out of memory: this process has reached its limit. Give it more memory, fewer threads, or smaller jobs.", failure);
            return ExitCode.OutOfMemory;
        }
#pragma warning disable CA1031 // otherwise the process would end with a trace and an undocumented exit code
        catch (Exception failure)
#pragma warning restore CA1031
        {
            report($"Unexpected failure: {failure.Message}", failure);
            return ExitCode.InternalError;
        }
    }
}
