using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Advancing;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit run …</c>: everything from the check of the model to the written results, by local worker processes.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var (model, target, partition, retries, common) = (new ModelOptions(), new TargetOptions(), new PartitionOptions(), new RetryOptions(), new RunVerbOptions());
        var runFolder = new Option<string?>("--run-dir") { Description = "the run directory (default: <data>.hpcfit/<run>)" };
        var dryRun = new Option<bool>("--dry-run") { Description = "print the plan and stop" };
        var command = new Command("run", "Fit a model at every element and write the results");
        model.AddTo(command);
        target.AddTo(command, isNew: true);
        partition.AddTo(command);
        retries.AddTo(command);
        command.Options.Add(runFolder);
        command.Options.Add(dryRun);
        common.AddTo(command);
        command.SetAction(line => common.Run(line, (services, token) =>
        {
            var clock = Stopwatch.StartNew();
            var (spec, cut, output) = (model.ToSpec(line), partition.Read(line), target.Read(line));
            UndoJournal.WaitForWriter(model.Data(line), UndoJournal.Patience, token);
            ResultsOfRun.RefuseTarget(output, spec);
            var proposed = ProposedRun.Ask(spec, line.GetValue(runFolder), token);
            var cutter = RoundCutter.Of(proposed.Document.Estimates, cut);
            var plan = Plan.Of(proposed, cutter, token);
            plan.Print(cut);
            if (line.GetValue(dryRun)) return ExitCode.Success;

            var run = proposed.Create(output);
            RunLog.Open(services, run, "run");
            var local = LocalRun.Create(services, run, cutter, retries.Limits(line, LocalLauncher.MachineMemory), retries.OnError(line));
            var summary = local.ExecuteAsync(output, plan.Coverage, common.Claims(line), clock, token).GetAwaiter().GetResult();
            foreach (var text in summary.Lines()) Console.WriteLine(text);
            return ExitCode.Success;
        }));
        return command;
    }
}
