using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Client;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Shared.Failures;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Diagnosis;

/// <summary>Programs that some features need: the interpreters of user functions, and Slurm.</summary>
/// <param name="runner">Runs them.</param>
/// <param name="log">Receives what the client of Slurm reports.</param>
internal sealed class ProgramChecks(ICommandRunner runner, ILogger log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The findings.</summary>
    public IEnumerable<Finding> All(CancellationToken token) =>
        [
            Interpreter("R", "HPCFIT_RSCRIPT", "Rscript", "r-base-core", token),
            Interpreter("Python", "HPCFIT_PYTHON", "python3", "python3", token),
            .. Slurm(token),
        ];

    private Finding Interpreter(string language, string variable, string program, string package, CancellationToken token)
    {
        var path = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? given : program;
        var answer = runner.Run(path, ["--version"], Patience, token);
        var version = (answer.Output + answer.Errors).Split('\n')[0].Trim();
        return answer.Succeeded
            ? new(language, FindingState.Ok, $"{version} ('{path}')")
            : new(
                language,
                FindingState.Warning,
                $"'{path} --version' failed: --model custom cannot run functions in {language}. {version}".TrimEnd(),
                $"Load it (module load {language}), install it (apt install {package}), or set {variable} to its path."
            );
    }

    private IEnumerable<Finding> Slurm(CancellationToken token)
    {
        var answer = runner.Run("sbatch", ["--version"], Patience, token);
        if (!answer.Succeeded)
            return
            [
                new(
                    "Slurm",
                    FindingState.Warning,
                    "sbatch is not in the path, or does not answer: 'hpcfit submit' does not work here",
                    "On a cluster, use a login node, or load its module of Slurm. Without a cluster, use 'hpcfit run'."
                ),
            ];
        return [new("Slurm", FindingState.Ok, answer.Output.Trim()), Limits(token)];
    }

    private Finding Limits(CancellationToken token)
    {
        try
        {
            var limits = new ClusterReader(new SlurmCommands(runner, BackOff.None, log)).Read(partition: null, token);
            var partition = limits.Partition;
            return new(
                "Slurm limits",
                FindingState.Ok,
                $"arrays of {limits.MaxArraySize} tasks, {limits.MaxJobCount} jobs in the queue"
                    + (limits.MaxSubmitJobs is { } own ? $", {own} of them yours" : "")
                    + $"; partition {partition.Name}"
                    + (partition.MaxTime is { } time ? $", at most {time}" : "")
                    + (partition.MaxMemoryBytes is { } memory ? $", {MachineChecks.Size(memory)}" : "")
            );
        }
        catch (HpcFitException refused)
        {
            return new("Slurm limits", FindingState.Warning, refused.Message, "See 'scontrol show config' and 'sinfo'.");
        }
    }
}
