using System.Runtime.InteropServices;
using System.Text;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Hosting;

/// <summary>
/// Checks the limits of this process (<c>ulimit</c>) that the .NET runtime needs: beyond them it fails at an arbitrary point, often without
/// a message, so a program that starts with too low a limit ends at once with a message.
/// </summary>
public static unsafe partial class ResourceLimits
{
    private const int FileSize = 1,
        Processes = 6,
        OpenFiles = 7,
        AddressSpace = 9; // RLIMIT_FSIZE, RLIMIT_NPROC, RLIMIT_NOFILE, RLIMIT_AS on x86-64 and arm64
    private const int FileSizeSignal = 25; // SIGXFSZ
    private const int StandardError = 2;

    /// <summary>A run with two workers needs 130; each further one ten.</summary>
    private const ulong MinOpenFiles = 192;

    /// <summary>Threads of the coordinator, one worker and the process that writes.</summary>
    private const ulong MinProcesses = 32;

    /// <summary>The runtime reserves much more address space for its heap than it uses.</summary>
    private const ulong MinAddressSpace = 2_400_000_000;

    /// <summary>
    /// The runtime keeps compiled code in an in-memory file, unless <see cref="WriteXorExecute"/> is 0.
    /// </summary>
    private const ulong MinFileSize = 32_000_000;

    private const string WriteXorExecute = "DOTNET_EnableWriteXorExecute";

    private static PosixSignalRegistration? _beyondFileSize;

    /// <summary>
    /// Checks the limits, and makes a write beyond the file-size limit fail instead of ending the process. Must be called first.
    /// </summary>
    /// <returns>The exit code to end with; null: all limits are high enough.</returns>
    public static ExitCode? Refuse()
    {
        if (Sentence() is var (code, sentence))
        {
            Write(sentence);
            return code;
        }
        _beyondFileSize ??= PosixSignalRegistration.Create((PosixSignal)FileSizeSignal, context => context.Cancel = true);
        return null;
    }

    private static (ExitCode Code, string Sentence)? Sentence()
    {
        if (SoftLimit(OpenFiles) is var files && files < MinOpenFiles)
            return (
                ExitCode.FileSystem,
                $"This process may open {files} files at a time; at least {MinOpenFiles} are needed. Raise the limit: ulimit -n 1024"
            );
        if (SoftLimit(Processes) is var processes && processes < MinProcesses && geteuid() != 0)
            return (
                ExitCode.OutOfMemory,
                $"This user may have {processes} processes and threads; at least {MinProcesses} are needed. Raise the limit: ulimit -u 1024"
            );
        if (SoftLimit(AddressSpace) is var space && space < MinAddressSpace)
            return (
                ExitCode.OutOfMemory,
                $"This process is limited to {space:N0} bytes of address space; at least {MinAddressSpace:N0} are needed, most of which "
                    + "are reserved and never used. Raise the limit (ulimit -v), or limit the memory that is used (cgroup, sbatch --mem)."
            );
        if (SoftLimit(FileSize) is var size && size < MinFileSize && Environment.GetEnvironmentVariable(WriteXorExecute) != "0")
            return (
                ExitCode.FileSystem,
                $"This process may write files of {size:N0} bytes; at least {MinFileSize:N0} are needed. Raise the limit: ulimit -f "
                    + "unlimited"
            );
        return null;
    }

    /// <summary>The soft limit; <see cref="ulong.MaxValue"/> if there is none.</summary>
    private static ulong SoftLimit(int resource)
    {
        var limits = stackalloc ulong[2];
        return getrlimit(resource, limits) == 0 ? limits[0] : ulong.MaxValue;
    }

    /// <summary>Without <see cref="Console"/>, whose initialisation may need the very resource that is limited.</summary>
    private static void Write(string sentence)
    {
        var bytes = Encoding.UTF8.GetBytes(sentence + '\n');
        fixed (byte* start = bytes)
            _ = write(StandardError, start, bytes.Length);
    }

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, ulong* limits);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, byte* bytes, nint count);
}
