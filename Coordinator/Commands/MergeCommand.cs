using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Records;
using HpcFit.Coordinator.Running;
using HpcFit.Coordinator.Starting;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit merge RUN</c>: merges a run whose elements are all fitted, by any launcher, and writes the results.</summary>
internal static class MergeCommand
{
    public static Command Create(WorkerPool workers)
    {
        var (target, common) = (new TargetOptions(), new RunVerbOptions(workers));
        var folder = RunVerbOptions.RunFolder();
        var command = new Command("merge", "Merge a run whose elements are all fitted, and write the results") { folder };
        target.AddTo(command, isNew: false);
        common.AddTo(command);
        command.SetAction(line =>
            common.Run(
                line,
                (services, token) =>
                {
                    var clock = Stopwatch.StartNew();
                    var run = RunDirectory.OpenWhole(line.GetRequiredValue(folder));
                    run.Document.RefuseEdited(run.DocumentFile);
                    var targets = target.Read(line, run);
                    var written = new WrittenTargets(run, targets, MetadataTimeoutOption.Read(line));
                    ResultsOfRun.RestoreInterrupted(targets[0], run.Document.Spec, common.Claims(line), token);
                    if (written.Lines(token) is { Count: > 0 } lines)
                    {
                        foreach (var text in lines)
                            Console.WriteLine(text);
                        return ExitCode.Success;
                    }
                    written.RefuseOthers(token);
                    RunLog.Open(services, run, "merge");
                    var coverage = RunCoverage.Read(run, token);
                    IgnoredPartials.Report(coverage, services.GetRequiredService<ILoggerFactory>().CreateLogger(nameof(MergeCommand)));
                    var results = ResultsOfRun.Write(run, targets, coverage, common.Claims(line), MetadataTimeoutOption.Read(line), token);
                    var summary = new RunSummary(
                        results,
                        run.Document.Warnings,
                        UserCodeReport.Lines(run),
                        TimeSpan.Zero,
                        TimeSpan.Zero,
                        clock.Elapsed
                    );
                    return RunDrivers.Print(summary);
                }
            )
        );
        return command;
    }
}
