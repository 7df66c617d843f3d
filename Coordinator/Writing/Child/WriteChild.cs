using System.Globalization;
using System.Runtime.InteropServices;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>
/// The process that has the file open for writing: <c>hpcfit write-child create|open FILE PARENT [JOURNAL]</c>, started by the writing command and
/// by nobody else. It does what standard input says and ends; it restores nothing, because a libhdf5 that failed may still write.
/// </summary>
internal static class WriteChild
{
    /// <summary>The hidden verb.</summary>
    public const string Verb = "write-child";

    /// <summary>Ctrl-C reaches the whole process group, and only the parent decides what becomes of the write; beyond a file-size limit the write itself says so.</summary>
    private static readonly PosixSignal[] ignored = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT, (PosixSignal)Posix.FileSizeSignal];

    /// <summary>Runs the process to its end.</summary>
    public static int Run(string[] arguments)
    {
        var (mode, path, parent) = (arguments[1], arguments[2], int.Parse(arguments[3], CultureInfo.InvariantCulture));
        var signals = Array.ConvertAll(ignored, signal => PosixSignalRegistration.Create(signal, context => context.Cancel = true));
        if (!Posix.DieWithParent(parent)) return (int)ExitCode.Cancelled;
        using var journal = arguments.Length > 4 ? FileLock.Share(arguments[4], TimeSpan.Zero) : null;
        var code = Write(mode, path);
        // Straight out: neither the library's exit handler nor a finalizer may touch the file now.
        GC.KeepAlive(signals);
        Posix.Exit((int)code);
        return (int)code;
    }

    private static ExitCode Write(string mode, string path)
    {
        try
        {
            var writer = mode == "create" ? Hdf5Writer.Create(path) : Hdf5Writer.Open(path);
            using var input = Console.OpenStandardInput();
            new PipeReader(input).Play(writer);
            writer.Close();
            Durable.SyncFile(path);
            GC.KeepAlive(writer);
            return ExitCode.Success;
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
}
