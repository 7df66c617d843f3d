using System.Diagnostics;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>
/// A write in a process of its own, seen from the process that started it. The calling thread must live as long as this: the child dies with
/// the thread that started it.
/// </summary>
internal sealed class ChildWriter : IDisposable
{
    private const int Abort = 6, BusError = 7, SegmentationFault = 11; // SIGABRT, SIGBUS, SIGSEGV

    private readonly Process _process;
    private readonly Task<string> _said;
    private readonly string _file;

    private ChildWriter(Process process, string file)
    {
        (_process, _file) = (process, file);
        _said = process.StandardError.ReadToEndAsync();
        Sink = new(process.StandardInput.BaseStream);
    }

    /// <summary>Where the steps go.</summary>
    public PipeSink Sink { get; }

    /// <summary>Starts the process for a file that it makes.</summary>
    /// <param name="path">The file to make.</param>
    /// <param name="file">The file to name in messages.</param>
    /// <param name="ready">A process that waits for it; null: none.</param>
    public static ChildWriter Create(string path, string file, ReadyChild? ready) => Start(file, ready, "create", path);

    /// <summary>Starts the process for a file that is there.</summary>
    /// <param name="file">The file; the process compares what it opens with it.</param>
    /// <param name="journal">Its journal, which the process holds a lock on while it lives.</param>
    /// <param name="ready">A process that waits for it; null: none.</param>
    public static ChildWriter Open(HeldFile file, string journal, ReadyChild? ready) =>
        Start(file.Path, ready, "open", file.Path, journal, $"{file.Status.Device}", $"{file.Status.Inode}");

    /// <summary>Lets a write happen; returns when the file is closed and synced.</summary>
    /// <exception cref="HpcFitException">The process failed; the message says why.</exception>
    public T Run<T>(Func<IHdf5Sink, T> write, CancellationToken token)
    {
        using var stop = token.Register(Kill);
        try
        {
            var answer = write(Sink);
            Sink.Finish();
            _process.StandardInput.Close();
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
    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static ChildWriter Start(string file, ReadyChild? ready, params string[] task)
    {
        if (ready?.Take() is { } waiting)
        {
            if (TryTell(waiting, task)) return new(waiting, file);
            waiting.Dispose();
        }
        var process = StartProcess();
        // One that is gone already is noticed, and its words are read, at the first step.
        _ = TryTell(process, task);
        return new(process, file);
    }

    private static bool TryTell(Process process, string[] task)
    {
        try
        {
            ArgumentLists.Write(process.StandardInput.BaseStream, task);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Starts a process that waits to be told its file.</summary>
    /// <exception cref="BadInputException">The program is not there.</exception>
    internal static Process StartProcess()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "hpcfit");
        if (!File.Exists(program)) throw new BadInputException($"The program '{program}', which does the writing, is not there. Publish it again.");
        var start = new ProcessStartInfo(program, [WriteChild.Verb, $"{Environment.ProcessId}"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private void Kill()
    {
        if (!_process.HasExited) _process.Kill();
    }

    private HpcFitException Failure()
    {
        var (code, said) = (_process.ExitCode, _said.GetAwaiter().GetResult());
        if (code == (int)ExitCode.FileSystem || code == 128 + Posix.FileSizeSignal) return new DiskRefusedException(_file, DiskRefusal.IsForRoom(said) || code > 128, said);
        if (code == (int)ExitCode.BadInput) return new BadInputException($"'{_file}' could not be written, and is what it was before.\n{said}");
        // libhdf5 1.10 crashes after some errors of the disk, before it can report them (seen with an injected EIO and ENOSPC in a new file).
        if (code - 128 is Abort or BusError or SegmentationFault)
            return new DiskRefusedException(_file, forRoom: false, $"The HDF5 library crashed while it wrote (signal {code - 128}), as it does after an error of the disk. {said}".TrimEnd());
        var end = code > 128 ? $"was killed by signal {code - 128}" : $"ended with code {code}";
        return new WriteFailedException($"'{_file}' could not be written, and is what it was before: the writing process {end}.{(said.Length > 0 ? $"\n{said}" : "")}");
    }
}
