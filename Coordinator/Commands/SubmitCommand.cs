using System.CommandLine;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit submit …</c>: checks, plans and hands the run to Slurm; it then finishes by itself, merged and written.</summary>
internal static class SubmitCommand
{
    public static Command Create()
    {
        var (options, retries, slurm, common) = (
            new NewRunOptions("print the plan, sbatch's command lines and the scripts, and submit nothing"),
            new RetryOptions(),
            new SlurmOptions(),
            new RunVerbOptions()
        );
        var command = new Command("submit", "Hand a run to a Slurm cluster, where it goes on by itself until its results are written");
        options.AddTo(command, onCluster: true);
        slurm.AddTo(command);
        retries.AddTo(command);
        common.AddTo(command);
        command.SetAction(line =>
            common.Run(
                line,
                (services, token) =>
                {
                    var (proposed, output, wishes) = options.Propose(line, token);
                    if (proposed.IsWritten)
                    {
                        Console.WriteLine(WrittenResults.Line(proposed.Document, output));
                        return ExitCode.Success;
                    }
                    return new ClusterSubmission(services, line, slurm, retries, common).HandOver(
                        proposed,
                        output,
                        wishes,
                        options.IsDryRun(line),
                        token
                    );
                }
            )
        );
        return command;
    }
}
