using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Failures;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Coordinator.Writing.Library;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>A write in a separate process, as controlled by the process that started it.</summary>
internal sealed class ChildWriter : IDisposable
{
    private const int Abort = 6,
        BusError = 7,
        SegmentationFault = 11; // SIGABRT, SIGBUS, SIGSEGV

    /// <summary>
    /// Factor for the time limit: a call that writes may wait for a disk, and the metadata were just read without problems.
    /// </summary>
    private const int TimeoutsOfCall = 10;

    private readonly ChildProcess _process;
    private readonly string _file;
    private readonly string _written;

    private ChildWriter(ChildProcess process, string file, string written)
    {
        (_process, _file, _written) = (process, file, written);
        Sink = new(process.Input);
    }

    /// <summary>The receiver of the write's steps.</summary>
    public PipeSink Sink { get; }

    /// <summary>Assigns a new file to a process.</summary>
    /// <param name="process">A process without a task; ownership is transferred.</param>
    /// <param name="path">The file to create.</param>
    /// <param name="request">The write; messages name its file.</param>
    public static ChildWriter Create(ChildProcess process, string path, WriteRequest request) =>
        new(process.Assign("create", Limit(request), path), request.File, path);

    /// <summary>Assigns an existing file to a process.</summary>
    /// <param name="process">A process without a task; ownership is transferred.</param>
    /// <param name="file">The file, with which the process compares the one that it opens.</param>
    /// <param name="journal">Its journal, on which the process holds a lock while it lives.</param>
    /// <param name="request">The write.</param>
    public static ChildWriter Open(ChildProcess process, HeldFile file, string journal, WriteRequest request) =>
        new(
            process.Assign("open", Limit(request), file.Path, journal, $"{file.Status.Device}", $"{file.Status.Inode}"),
            file.Path,
            file.Path
        );

    /// <summary>Starts the write; returns when the file is closed and synced.</summary>
    /// <exception cref="HpcFitException">The process failed; the message gives the reason.</exception>
    public T Run<T>(Func<IHdf5Sink, T> write, CancellationToken token)
    {
        using var stop = token.Register(_process.Kill);
        try
        {
            var answer = write(Sink);
            Sink.Finish();
            _process.Input.Close();
            _process.WaitForExit();
            token.ThrowIfCancellationRequested();
            return _process.ExitCode == 0 ? answer : throw Failure();
        }
        catch (IOException) when (!token.IsCancellationRequested && _process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            throw Failure(); // the pipe broke because the child ended: its error output is the cause
        }
        catch (IOException) when (token.IsCancellationRequested)
        {
            throw new OperationCanceledException(token);
        }
    }

    /// <summary>Kills and reaps the process if it is still running.</summary>
    public void Dispose() => _process.Dispose();

    private static string Limit(WriteRequest request) => WriteChild.Seconds(TimeoutsOfCall * request.MetadataTimeout);

    private HpcFitException Failure()
    {
        var (code, errors) = (_process.ExitCode, _process.Errors);
        // The file from which an object is copied is read, not written.
        if (_process.OpenFile is { } source && source != _written && ChildCrash.Explain(code, source) is { } crash)
            return crash;
        if (code == (int)ExitCode.FileSystem || code == 128 + Posix.FileSizeSignal)
            return new DiskRefusedException(_file, DiskRefusal.IsOutOfSpace(errors) || code > 128, errors);
        if (code == (int)ExitCode.BadInput)
            return new BadInputException($"'{_file}' could not be written and is unchanged.\n{errors}");
        // libhdf5 1.10 crashes after some disk errors before it can report them (seen with an injected EIO, and with ENOSPC in a new file).
        if (code - 128 is Abort or BusError or SegmentationFault)
            return new DiskRefusedException(
                _file,
                isOutOfSpace: false,
                $"The HDF5 library crashed during the write (signal {code - 128}), as it does after a disk error. {errors}".TrimEnd()
            );
        var end = code > 128 ? $"was killed by signal {code - 128}" : $"ended with code {code}";
        return new WriteFailedException(
            $"'{_file}' could not be written and is unchanged: the writing process {end}.{(errors.Length > 0 ? $"\n{errors}" : "")}"
        );
    }
}

/// <summary>The writing process ended unexpectedly. The file is unchanged.</summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
internal sealed class WriteFailedException(string message) : HpcFitException(message)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.InternalError;
}
