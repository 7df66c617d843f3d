using System.Diagnostics;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Launching;

/// <summary>
/// A worker process with a job. Its standard input is its life line: when that closes, because a stop was requested or this process died,
/// the worker finishes the current block and ends.
/// </summary>
/// <param name="Process">The process.</param>
/// <param name="Errors">The end of what it writes to standard error.</param>
/// <param name="OpenFile">The HDF5 file that it has open.</param>
internal sealed record WorkerProcess(Process Process, StderrTail Errors, OpenFileRecord OpenFile) : IDisposable
{
    /// <summary>Starts one.</summary>
    /// <param name="arguments">The worker's command line.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static WorkerProcess Start(IEnumerable<string> arguments)
    {
        var record = OpenFileRecord.Create();
        var process = Process.Start(WorkerProgram.Start(record, arguments))!;
        process.BeginOutputReadLine();
        return new(process, new(process), record);
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit status.</returns>
    public async Task<int> WaitForEndAsync()
    {
        await Process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return Process.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Process.Dispose();
        OpenFile.Dispose();
    }
}
