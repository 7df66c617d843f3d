using System.Globalization;
using System.Runtime.InteropServices;
using HpcFit.Shared.Functions;

namespace HpcFit.Worker.Commands;

/// <summary>
/// <c>hpcfit-worker interpret PARENT PROGRAM [ARGUMENT …]</c>: prepares this process for user code and becomes PROGRAM. Started by the
/// worker only; it parses nothing, so that it costs tens of milliseconds.
/// </summary>
/// <remarks>
/// The program gets: the pipes from and to the worker (<see cref="BridgeDescriptors"/>); no standard input; its standard output where its
/// standard error goes, so that nothing user code prints can reach the pipes; a session of its own, which is ended as one and takes no
/// Ctrl-C; the kernel's word that it dies with the worker, even hung (prctl PR_SET_PDEATHSIG); and the first place when memory runs out.
/// </remarks>
internal static unsafe partial class InterpretCommand
{
    private const int NotFound = 127;
    private const int SetParentDeathSignal = 1;
    private const int Sigkill = 9;
    private const int Sigpipe = 13;
    private const int ReadOnly = 0;

    /// <summary>Becomes the program; returns only when it cannot.</summary>
    /// <param name="arguments">Everything behind the verb.</param>
    public static int Become(ReadOnlySpan<string> arguments)
    {
        var parent = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        _ = prctl(SetParentDeathSignal, Sigkill, 0, 0, 0);
        if (getppid() != parent)
            return NotFound; // it died before the word was given
        _ = setsid();
        BeFirstWhenMemoryRunsOut();
        // .NET ignores SIGPIPE, and what is ignored stays ignored in the program that follows.
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

    private static void BeFirstWhenMemoryRunsOut()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // A container may keep it read-only; then the kernel chooses as it likes.
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
