using System.Globalization;
using System.Runtime.InteropServices;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>
/// The writing process of the current write, seen from the source that is being pulled: the second child of this thread, after the one
/// that reads.
/// </summary>
internal static unsafe partial class WritingProcess
{
    private const int KillSignal = 9;
    private const int SegmentationFault = 11; // SIGSEGV
    private const int FileSizeLimit = 1; // RLIMIT_FSIZE

    /// <summary>
    /// The kernel's list of a thread's children may omit one while another process ends (proc(5)): it is read until it contains both
    /// children.
    /// </summary>
    private static int Id
    {
        get
        {
            string[] children = [];
            SpinWait
                .SpinUntil(
                    () =>
                        (children = File.ReadAllText("/proc/thread-self/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Length
                        == 2,
                    TimeSpan.FromSeconds(10)
                )
                .ShouldBeTrue();
            return int.Parse(children[1], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>
    /// To be called before the write: the runtime's double mapping of code grows a memory file, which a limit would forbid as well;
    /// processes that are started afterwards do not use it.
    /// </summary>
    public static void AllowFileSizeLimits() => Environment.SetEnvironmentVariable("DOTNET_EnableWriteXorExecute", "0");

    public static void Kill() => kill(Id, KillSignal).ShouldBe(0);

    /// <summary>
    /// Ends it like an invalid memory access. The runtime takes the first signal for its own fault, and restores the default for
    /// the next.
    /// </summary>
    public static void Crash()
    {
        var process = Id;
        SpinWait.SpinUntil(() => HasEnded(process) || kill(process, SegmentationFault) != 0, TimeSpan.FromSeconds(10)).ShouldBeTrue();
    }

    private static bool HasEnded(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Limits the length of the process's files, like a full disk.</summary>
    public static void LimitFileSize(long length)
    {
        var limit = stackalloc ulong[2] { (ulong)length, (ulong)length };
        prlimit(Id, FileSizeLimit, limit, null).ShouldBe(0);
    }

    public static void HardLink(string path, string name) => link(path, name).ShouldBe(0);

    public static void MakePipe(string path) => mkfifo(path, 0x1b4).ShouldBe(0);

    public static void GiveTo(uint user, string path) => chown(path, user, user).ShouldBe(0);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint user, uint group);

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial int prlimit(int pid, int resource, ulong* limit, ulong* old);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string name);
}
