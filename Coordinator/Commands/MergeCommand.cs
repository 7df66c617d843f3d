using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Records;
using HpcFit.Coordinator.Running;
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
                    var run = RunDirectory.Open(line.GetRequiredValue(folder));
                    run.Document.RefuseEdited(run.DocumentFile);
                    var (output, data) = (target.Read(line, run), run.Document.Spec.Data[0].Path);
                    ResultsOfRun.RestoreInterrupted(output, run.Document.Spec, common.Claims(line), token);
                    if (!output.Overwrite && WrittenResults.AreThere(run.Document, output, MetadataTimeoutOption.Read(line), token))
                    {
                        Console.WriteLine(WrittenResults.Line(run.Document, output));
                        return ExitCode.Success;
                    }
                    ResultsOfRun.RefuseTarget(output, run.Document.Spec, MetadataTimeoutOption.Read(line), token);
                    RunLog.Open(services, run, "merge");
                    var coverage = Coverage.Read(run, token);
                    IgnoredPartials.Report(coverage, services.GetRequiredService<ILoggerFactory>().CreateLogger(nameof(MergeCommand)));
                    var statuses = ResultsOfRun.Write(run, output, coverage, common.Claims(line), MetadataTimeoutOption.Read(line), token);
                    foreach (
                        var text in new RunSummary(
                            statuses,
                            run.Document.Warnings,
                            UserCodeReport.Lines(run),
                            output,
                            data,
                            TimeSpan.Zero,
                            TimeSpan.Zero,
                            clock.Elapsed
                        ).Lines()
                    )
                        Console.WriteLine(text);
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }
}
