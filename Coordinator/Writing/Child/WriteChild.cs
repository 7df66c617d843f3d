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
/// A process of a write: <c>hpcfit write-child PARENT</c>, started by the writing command and by nobody else. Standard input names its task
/// (<see cref="ArgumentLists"/>). <c>create SECONDS FILE</c> or <c>open SECONDS FILE JOURNAL DEVICE INODE</c>: it has the file open for
/// writing and takes the steps of a <see cref="PipeSink"/>; then it ends. It restores nothing, because a libhdf5 that failed may still
/// write. <c>read SECONDS</c>: it answers the questions of a <see cref="ChildReader"/>. A call into the library that takes longer than
/// SECONDS ends it.
/// </summary>
internal static class WriteChild
{
    /// <summary>The hidden verb.</summary>
    public const string Verb = "write-child";

    /// <summary>
    /// Ctrl-C reaches the whole process group, and only the parent decides what becomes of the write; beyond a file-size limit the write
    /// itself says so.
    /// </summary>
    private static readonly PosixSignal[] Ignored =
    [
        PosixSignal.SIGINT,
        PosixSignal.SIGTERM,
        PosixSignal.SIGHUP,
        PosixSignal.SIGQUIT,
        (PosixSignal)Posix.FileSizeSignal,
    ];

    /// <summary>Runs the process to its end.</summary>
    public static int Run(string[] arguments)
    {
        var signals = Array.ConvertAll(Ignored, signal => PosixSignalRegistration.Create(signal, context => context.Cancel = true));
        if (!Posix.DieWithParent(int.Parse(arguments[1], CultureInfo.InvariantCulture)))
            return (int)ExitCode.Cancelled;
        FileLock? journal = null;
        var code = Write(path => journal = FileLock.Share(path, TimeSpan.Zero));
        // Straight out: neither the library's exit handler nor a finalizer may touch the file now.
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
            // Loaded now, since the file may be named later.
            _ = Hdf5Library.Version;
            // Unbuffered: what follows the file's name is the reader's.
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
#pragma warning disable CA1031 // the rim of this process: the parent gets the trace, and rolls back
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
        // Opening writes as well: newer formats mark the file as open for writing.
        activity.Around(() => writer = Hdf5Writer.Open(path, identity));
        new PipeReader(input).Play(new MarkedSink(writer!, activity));
        activity.Around(writer!.Close);
        writer.Sync();
    }
}
