using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Failures;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Coordinator.Writing.Library;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>A write in a process of its own, seen from the process that started it.</summary>
internal sealed class ChildWriter : IDisposable
{
    private const int Abort = 6,
        BusError = 7,
        SegmentationFault = 11; // SIGABRT, SIGBUS, SIGSEGV

    /// <summary>A call that writes may wait for a disk, and what it writes was read without trouble a moment ago.</summary>
    private const int TimeoutsOfCall = 10;

    private readonly ChildProcess _process;
    private readonly string _file;
    private readonly string _written;

    private ChildWriter(ChildProcess process, string file, string written)
    {
        (_process, _file, _written) = (process, file, written);
        Sink = new(process.Input);
    }

    /// <summary>Where the steps go.</summary>
    public PipeSink Sink { get; }

    /// <summary>Assigns a process to a file that it makes.</summary>
    /// <param name="process">A process without a task, which is owned from now on.</param>
    /// <param name="path">The file to make.</param>
    /// <param name="request">The write; its file is the one to name in messages.</param>
    public static ChildWriter Create(ChildProcess process, string path, WriteRequest request) =>
        new(process.Assign("create", Limit(request), path), request.File, path);

    /// <summary>Assigns a process to a file that is there.</summary>
    /// <param name="process">A process without a task, which is owned from now on.</param>
    /// <param name="file">The file; the process compares what it opens with it.</param>
    /// <param name="journal">Its journal, which the process holds a lock on while it lives.</param>
    /// <param name="request">The write.</param>
    public static ChildWriter Open(ChildProcess process, HeldFile file, string journal, WriteRequest request) =>
        new(
            process.Assign("open", Limit(request), file.Path, journal, $"{file.Status.Device}", $"{file.Status.Inode}"),
            file.Path,
            file.Path
        );

    /// <summary>Lets a write happen; returns when the file is closed and synced.</summary>
    /// <exception cref="HpcFitException">The process failed; the message says why.</exception>
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
            throw Failure(); // the pipe broke because the child ended: what it said is the cause
        }
        catch (IOException) when (token.IsCancellationRequested)
        {
            throw new OperationCanceledException(token);
        }
    }

    /// <summary>Kills and reaps the process, if it still runs.</summary>
    public void Dispose() => _process.Dispose();

    private static string Limit(WriteRequest request) => WriteChild.Seconds(TimeoutsOfCall * request.MetadataTimeout);

    private HpcFitException Failure()
    {
        var (code, said) = (_process.ExitCode, _process.Words);
        // A file from which an object is copied is read, not written.
        if (_process.OpenFile is { } source && source != _written && ChildCrash.Explain(code, source) is { } crash)
            return crash;
        if (code == (int)ExitCode.FileSystem || code == 128 + Posix.FileSizeSignal)
            return new DiskRefusedException(_file, DiskRefusal.IsForRoom(said) || code > 128, said);
        if (code == (int)ExitCode.BadInput)
            return new BadInputException($"'{_file}' could not be written, and is what it was before.\n{said}");
        // libhdf5 1.10 crashes after some errors of the disk, before it can report them (seen with an injected EIO and ENOSPC in a new
        // file).
        if (code - 128 is Abort or BusError or SegmentationFault)
            return new DiskRefusedException(
                _file,
                forRoom: false,
                $"The HDF5 library crashed while it wrote (signal {code - 128}), as it does after an error of the disk. {said}".TrimEnd()
            );
        var end = code > 128 ? $"was killed by signal {code - 128}" : $"ended with code {code}";
        return new WriteFailedException(
            $"'{_file}' could not be written, and is what it was before: the writing process {end}.{(said.Length > 0 ? $"\n{said}" : "")}"
        );
    }
}
