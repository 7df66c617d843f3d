using System.CommandLine;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit submit …</c>: checks, plans and hands the run to Slurm; it then finishes by itself, merged and written.</summary>
internal static class SubmitCommand
{
    public static Command Create()
    {
        var (model, target, partition, retries, slurm, common) =
            (new ModelOptions(), new TargetOptions(), new PartitionOptions(), new RetryOptions(), new SlurmOptions(), new RunVerbOptions());
        var runFolder = new Option<string?>("--run-dir") { Description = "the run directory, where all nodes see it (default: <data>.hpcfit/<run>)" };
        var dryRun = new Option<bool>("--dry-run") { Description = "print the plan, sbatch's command lines and the scripts, and submit nothing" };
        var command = new Command("submit", "Hand a run to a Slurm cluster, where it goes on by itself until its results are written") { runFolder, dryRun };
        model.AddTo(command);
        target.AddTo(command, isNew: true);
        partition.AddTo(command, onCluster: true);
        slurm.AddTo(command);
        retries.AddTo(command);
        common.AddTo(command);
        command.SetAction(line => common.Run(line, (services, token) =>
        {
            var (spec, wishes, output) = (model.ToSpec(line), partition.Read(line), target.Read(line));
            UndoJournal.WaitForWriter(model.Data(line), UndoJournal.Patience, token);
            ResultsOfRun.RefuseTarget(output, spec);
            var proposed = ProposedRun.Ask(spec, line.GetValue(runFolder), token);
            return new ClusterSubmission(services, line, slurm, retries, common).HandOver(proposed, output, wishes, line.GetValue(dryRun), token);
        }));
        return command;
    }
}
