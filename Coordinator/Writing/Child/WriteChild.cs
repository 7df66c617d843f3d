using System.Globalization;
using System.Runtime.InteropServices;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Coordinator.Writing.Library;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>
/// A process of a write: <c>hpcfit write-child PARENT</c>, started only by the writing command. Its task comes on standard input
/// (<see cref="ArgumentLists"/>). <c>create SECONDS FILE</c> or <c>open SECONDS FILE JOURNAL DEVICE INODE</c>: opens the file for writing,
/// performs the steps of a <see cref="PipeSink"/>, and ends. It restores nothing, because libhdf5 may still write after a failure.
/// <c>read SECONDS</c>: answers the questions of a <see cref="ChildReader"/>. A call into the library that takes longer than SECONDS ends
/// the process.
/// </summary>
internal static class WriteChild
{
    /// <summary>The hidden verb.</summary>
    public const string Verb = "write-child";

    /// <summary>
    /// Ignored because Ctrl-C reaches the whole process group, and the parent decides about the write; beyond a file-size limit the write
    /// itself fails with an error.
    /// </summary>
    private static readonly PosixSignal[] Ignored =
    [
        PosixSignal.SIGINT,
        PosixSignal.SIGTERM,
        PosixSignal.SIGHUP,
        PosixSignal.SIGQUIT,
        (PosixSignal)Posix.FileSizeSignal,
    ];

    /// <summary>Runs until the task is done.</summary>
    public static int Run(string[] arguments)
    {
        var signals = Array.ConvertAll(Ignored, signal => PosixSignalRegistration.Create(signal, context => context.Cancel = true));
        if (!Posix.DieWithParent(int.Parse(arguments[1], CultureInfo.InvariantCulture)))
            return (int)ExitCode.Cancelled;
        FileLock? journal = null;
        var code = Write(path => journal = FileLock.Share(path, TimeSpan.Zero));
        // Exit immediately: neither the library's exit handler nor a finalizer may touch the file now.
        GC.KeepAlive(signals);
        GC.KeepAlive(journal);
        Posix.ExitAtOnce((int)code);
        return (int)code;
    }

    /// <summary>A time limit as a task contains it.</summary>
    public static string Seconds(TimeSpan limit) => limit.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private static void Watch(string seconds) =>
        LibraryWatch.Begin(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), CancellationToken.None);

    private static ExitCode Write(Action<string> hold)
    {
        try
        {
            // Load the library now, because the task may arrive later.
            _ = Hdf5Library.Version;
            // Unbuffered: what follows the task belongs to the reader.
            using var input = Console.OpenStandardInput();
            switch (ArgumentLists.Read(input))
            {
                case ["create", var seconds, var path]:
                    Watch(seconds);
                    Create(path, input);
                    return ExitCode.Success;
                case ["open", var seconds, var path, var journal, var device, var inode]:
                    Watch(seconds);
                    hold(journal);
                    AddTo(
                        path,
                        journal,
                        new(ulong.Parse(device, CultureInfo.InvariantCulture), ulong.Parse(inode, CultureInfo.InvariantCulture)),
                        input
                    );
                    return ExitCode.Success;
                case ["read", var seconds]:
                    Watch(seconds);
                    new ReadTask(input, Console.OpenStandardOutput()).Run();
                    return ExitCode.Success;
                default:
                    return ExitCode.Cancelled;
            }
        }
        catch (EndOfStreamException)
        {
            return ExitCode.Cancelled;
        }
        catch (Hdf5Exception failure)
        {
            Console.Error.Write(failure.Message);
            return DiskRefusal.IsIn(failure.NativeStack) ? ExitCode.FileSystem : ExitCode.BadInput;
        }
        catch (IOException failure)
        {
            Console.Error.Write(failure.Message);
            return ExitCode.FileSystem;
        }
        catch (HpcFitException failure)
        {
            Console.Error.Write(failure.Message);
            return failure.ExitCode;
        }
#pragma warning disable CA1031 // the last handler of this process: the parent gets the trace, and rolls back
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Console.Error.Write(failure);
            return ExitCode.InternalError;
        }
    }

    private static void Create(string path, Stream input)
    {
        var writer = Hdf5Writer.Create(path);
        new PipeReader(input).Play(writer);
        writer.Close();
        writer.Sync();
    }

    private static void AddTo(string path, string journal, FileIdentity identity, Stream input)
    {
        using var file = Posix.OpenItself(journal);
        var activity = new JournalActivity(file);
        Hdf5Writer? writer = null;
        // Opening can write too: newer formats mark the file as open for writing.
        activity.Around(() => writer = Hdf5Writer.Open(path, identity));
        new PipeReader(input).Play(new MarkedSink(writer!, activity));
        activity.Around(writer!.Close);
        writer.Sync();
    }
}
