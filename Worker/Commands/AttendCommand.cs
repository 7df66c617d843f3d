using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;

namespace HpcFit.Worker.Commands;

/// <summary>
/// <c>hpcfit-worker attend</c>: a worker that <c>hpcfit run</c> starts before it has read its own command line. It makes itself ready, then
/// does what standard input says (<see cref="ArgumentLists"/>): a probe, behind whose answer stands a zero byte, and a job of the run that
/// may follow. Each is what it would be in a process of its own; only the start of the runtime is paid once, and beside the coordinator's.
/// </summary>
internal static class AttendCommand
{
    /// <summary>The verb.</summary>
    public const string Verb = "attend";

    /// <summary>Attends until the job is done, or standard input ends.</summary>
    /// <param name="run">Runs one command line.</param>
    /// <returns>The exit code of the last command.</returns>
    public static int Run(Func<string[], int> run)
    {
        MakeReady();
        // Unbuffered: what follows the job's command line is the parent's life line, and the job's to read.
        using var input = Console.OpenStandardInput();
        if (ArgumentLists.Read(input) is not { } probe)
            return 0;
        var code = run(probe);
        EndAnswer();
        MakeReadyToFit();
        return code == 0 && ArgumentLists.Read(input) is { } fit ? run(fit) : code;
    }

    /// <summary>What both commands read and write is made ready while the coordinator reads its command line.</summary>
    private static void MakeReady()
    {
        RunJson.Default.RunSpec.MakeReadOnly();
        RunJson.Default.ProbeAnswer.MakeReadOnly();
    }

    /// <summary>What a job begins with, while the coordinator plans: its log, and the run's files.</summary>
    private static void MakeReadyToFit()
    {
        _ = ProgramHost.Run(logFile: null, services: null, (_, _) => ExitCode.Success);
        RunJson.Default.RunDocument.MakeReadOnly();
        RunJson.Default.Round.MakeReadOnly();
        RunJson.Default.ProgressReport.MakeReadOnly();
    }

    private static void EndAnswer()
    {
        using var output = Console.OpenStandardOutput();
        output.WriteByte(0);
    }
}
