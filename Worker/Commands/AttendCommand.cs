using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;

namespace HpcFit.Worker.Commands;

/// <summary>
/// <c>hpcfit-worker attend</c>: a worker that <c>hpcfit run</c> starts before it parses its own command line. It initialises, then runs the
/// command lines that it reads from standard input (<see cref="ArgumentLists"/>): a probe, then jobs of the run, one after the other. A
/// zero byte on standard output follows the result of the probe and the success of a job; a job that fails ends the process. Each behaves
/// as in a separate process; only the runtime starts once, in parallel with the coordinator's.
/// </summary>
internal static class AttendCommand
{
    /// <summary>The name of the command.</summary>
    public const string Verb = "attend";

    /// <summary>Runs commands until one fails, or standard input ends.</summary>
    /// <param name="run">Runs one command line.</param>
    /// <returns>The exit code of the last command.</returns>
    public static int Run(Func<string[], int> run)
    {
        MakeReady();
        using var input = Console.OpenStandardInput();
        if (ArgumentLists.Read(input) is not { } probe)
            return 0;
        var code = run(probe);
        EndAnswer();
        MakeReadyToFit();
        while (code == 0 && ArgumentLists.Read(input) is { } fit)
        {
            code = run(fit);
            if (code == 0)
                EndAnswer();
        }
        return code;
    }

    /// <summary>Prepares the serialization of both commands' input and output while the coordinator parses its command line.</summary>
    private static void MakeReady()
    {
        RunJson.Default.RunSpecArray.MakeReadOnly();
        RunJson.Default.ProbeAnswer.MakeReadOnly();
    }

    /// <summary>Prepares the beginning of a job, its log and the run's files, while the coordinator plans.</summary>
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
