using System.Globalization;
using System.Runtime.InteropServices;
using HpcFit.Shared.Functions;

namespace HpcFit.Worker.Commands;

/// <summary>
/// <c>hpcfit-worker interpret PARENT PROGRAM [ARGUMENT …]</c>: prepares this process for user code and becomes PROGRAM. Started only by the
/// worker; it skips the command-line parser, so that it takes only tens of milliseconds.
/// </summary>
/// <remarks>
/// The program gets the pipes from and to the worker (<see cref="BridgeDescriptors"/>); an empty standard input; its standard output
/// redirected to its standard error, so that nothing user code prints can reach the pipes; its own session, which can be ended as a whole
/// and receives no Ctrl-C; the parent-death signal, so that it ends with the worker even if it hangs (prctl PR_SET_PDEATHSIG); and the
/// highest priority for the out-of-memory killer.
/// </remarks>
internal static unsafe partial class InterpretCommand
{
    private const int NotFound = 127;
    private const int SetParentDeathSignal = 1;
    private const int Sigkill = 9;
    private const int Sigpipe = 13;
    private const int ReadOnly = 0;

    /// <summary>Replaces this process by the program; returns only if that fails.</summary>
    /// <param name="arguments">The arguments after the verb.</param>
    public static int Become(ReadOnlySpan<string> arguments)
    {
        var parent = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        _ = prctl(SetParentDeathSignal, Sigkill, 0, 0, 0);
        if (getppid() != parent)
            return NotFound; // the parent ended before the signal was set
        _ = setsid();
        PreferAsOutOfMemoryVictim();
        // .NET ignores SIGPIPE, and an ignored signal stays ignored after exec.
        _ = signal(Sigpipe, 0);
        return Exec(arguments[1..]);
    }

    private static int Exec(ReadOnlySpan<string> program)
    {
        var argv = (byte**)NativeMemory.AllocZeroed((nuint)(program.Length + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < program.Length; i++)
            argv[i] = (byte*)Marshal.StringToCoTaskMemUTF8(program[i]);
        var nothing = open("/dev/null", ReadOnly, 0);
        _ = dup2(0, BridgeDescriptors.Questions);
        _ = dup2(1, BridgeDescriptors.Answers);
        _ = dup2(nothing, 0);
        _ = dup2(2, 1);
        _ = execvp(argv[0], argv);
        Console.Error.WriteLine($"'{program[0]}' cannot be started: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        return NotFound;
    }

    private static void PreferAsOutOfMemoryVictim()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // Read-only in some containers; the kernel then uses its default choice.
        }
    }

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc")]
    private static partial int getppid();

    [LibraryImport("libc")]
    private static partial int setsid();

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int execvp(byte* file, byte** argv);
}
