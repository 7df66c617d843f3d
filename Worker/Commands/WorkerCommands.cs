using System.CommandLine;

namespace HpcFit.Worker.Commands;

/// <summary>The commands of <c>hpcfit-worker</c> that a person or a scheduler may type.</summary>
internal static class WorkerCommands
{
    /// <summary>Creates the root command.</summary>
    public static RootCommand Create() =>
        new("Fits models at the elements of ModelArray files. Started by hpcfit and by Slurm; rarely by hand.")
        {
            ProbeCommand.Create(),
            CheckCommand.Create(),
            FitCommand.Create(),
            ElementCommand.Create(),
        };
}
