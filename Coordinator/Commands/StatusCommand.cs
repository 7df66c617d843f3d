using System.CommandLine;
using System.Text.Json;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Monitoring;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit status RUN</c>: prints the progress of a run from its own files; changes nothing and needs no claim.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    public static Command Create(WorkerPool workers)
    {
        var common = new RunVerbOptions(workers);
        var folder = RunVerbOptions.RunFolder();
        var watch = SwitchOption.Create("--watch", "repeat every 2 seconds until the run is complete or stopped");
        var json = SwitchOption.Create("--json", "print JSON, one object per line");
        var command = new Command("status", "Show the progress of a run, and why jobs are not running") { folder, watch, json };
        common.AddTo(command, holdsClaims: false);
        command.SetAction(line =>
            common.Run(
                line,
                (services, token) =>
                {
                    var run = RunDirectory.OpenWhole(line.GetRequiredValue(folder));
                    var reader = new StatusReader(run, services.GetRequiredService<ILoggerFactory>().CreateLogger<StatusReader>());
                    var last = line.GetValue(watch)
                        ? line.GetValue(json) || Console.IsOutputRedirected
                            ? Watch(reader, status => Print(status, line.GetValue(json)), token)
                            : AnsiConsole
                                .Live(Text.Empty)
                                .Start(screen =>
                                    Watch(
                                        reader,
                                        status => screen.UpdateTarget(new Text(string.Join('\n', StatusText.Lines(status)))),
                                        token
                                    )
                                )
                        : reader.ReadAsync(token).GetAwaiter().GetResult();
                    if (!line.GetValue(watch))
                        Print(last, line.GetValue(json));
                    return last.State == RunState.Stopped ? ExitCode.IncompleteRun : ExitCode.Success;
                }
            )
        );
        return command;
    }

    /// <summary>Shows the run repeatedly until no process or job is working on it.</summary>
    private static RunStatus Watch(StatusReader reader, Action<RunStatus> show, CancellationToken token)
    {
        while (true)
        {
            var status = reader.ReadAsync(token).GetAwaiter().GetResult();
            show(status);
            if (status.State is RunState.Complete or RunState.Stopped || token.WaitHandle.WaitOne(Every))
                return status;
        }
    }

    private static void Print(RunStatus status, bool asJson)
    {
        if (asJson)
            Console.WriteLine(JsonSerializer.Serialize(status, StatusJson.Default.RunStatus));
        else
            foreach (var text in StatusText.Lines(status))
                Console.WriteLine(text);
    }
}
