using System.Globalization;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>
/// The scripts of a run's jobs. They write their output themselves, so that a run's folder may have any name, whatever a scheduler replaces
/// in the names of files.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="settings">How it uses the scheduler.</param>
internal sealed class JobScripts(RunDirectory run, SchedulerSettings settings)
{
    /// <summary>The script of an array, or of a job alone: executes the worker, which fits one job.</summary>
    public string Array(RoundId round, SubmittedArray array)
    {
        var (index, which) = array.Submitted.IsArray
            ? ($"_\"${{{settings.Scheduler.Job.Index}}}\"", $"--first-job {Text(array.FirstJob)} --first-task 1")
            : ("", $"--job {Text(array.FirstJob)}");
        var log = run.TaskOutputFile(round, array.Submitted.Name, index: null);
        var timeout = settings.MetadataTimeout is { } limit
            ? $" --metadata-timeout {limit.TotalSeconds.ToString(CultureInfo.InvariantCulture)}"
            : "";
        var output = ShellQuoting.Quote(log[..^RunDirectory.OutputSuffix.Length]) + index + RunDirectory.OutputSuffix;
        return Script(
            output,
            // exec, so that the worker receives the scheduler's signals: it then completes the current block and exits.
            $"exec {ShellQuoting.Quote(settings.Worker)} fit --run {ShellQuoting.Quote(run.Root)} --round {round.Value} {which} "
                + $"--threads {Text(array.Request.Threads ?? 1)}{timeout}"
        );
    }

    /// <summary>The script of advance and watch jobs: takes the next step of the run.</summary>
    public string Advance() =>
        Script(
            $"{ShellQuoting.Quote(Path.Combine(run.Logs, "advance-"))}\"${{{settings.Scheduler.Job.Id}}}\"{RunDirectory.OutputSuffix}",
            $"exec {ShellQuoting.Quote(settings.Coordinator)} advance {ShellQuoting.Quote(settings.Advances ?? run.Root)}"
        );

    private string Script(string log, string command) =>
        $"""
            #!/bin/bash
            # Written by hpcfit. A job that is started again appends to the same output.
            exec >>{log} 2>&1 </dev/null
            # The locale is the submitting shell's or unset, because it determines the sort order of text and thus of factor levels.
            unset LANG LANGUAGE LC_ALL LC_COLLATE LC_CTYPE LC_NUMERIC LC_TIME LC_MESSAGES TZ
            # A killed program cannot remove the sockets that .NET creates for debuggers in /tmp: do not create them.
            export DOTNET_EnableDiagnostics=0
            {ModuleLoads.Lines(settings.Modules)}{CarriedEnvironment.Exports(settings.Environment)}{command}

            """;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
