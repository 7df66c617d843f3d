using System.CommandLine;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Models;

namespace HpcFit.Coordinator.Commands;

/// <summary>All commands of <c>hpcfit</c>.</summary>
internal static class CoordinatorCommands
{
    /// <summary>Creates the root command with all verbs.</summary>
    /// <param name="workers">The worker processes of the verbs that work on a run.</param>
    /// <param name="models">The command lines of the models.</param>
    public static RootCommand Create(WorkerPool workers, ModelLines? models = null)
    {
        var root = new RootCommand("Fits the same model at every element of a ModelArray HDF5 file, with R's numbers.")
        {
            RunCommand.Create(workers, models),
            PlanCommand.Create(workers, models),
            SubmitCommand.Create(workers, models),
            AdvanceCommand.Create(workers),
            ResumeCommand.Create(workers),
            StatusCommand.Create(workers),
            CancelCommand.Create(workers),
            MergeCommand.Create(workers),
            ElementCommand.Create(),
            InspectCommand.Create(),
            TopCommand.Create(),
            CompareCommand.Create(),
            ExportTableCommand.Create(),
            ReportCommand.Create(),
            RunsCommand.Create(),
            CleanCommand.Create(),
            DeleteCommand.Create(),
            RenameCommand.Create(),
            RecoverCommand.Create(),
            RechunkCommand.Create(),
            DemoCommand.Create(),
        };
        foreach (var command in ExportCommand.CreateAll().Concat(ConvertCommand.CreateAll()))
            root.Subcommands.Add(command);
        root.Subcommands.Add(DoctorCommand.Create());
        root.Subcommands.Add(CompletionCommand.Create(root));
        root.Subcommands.Add(ManCommand.Create(root));
        MetadataTimeoutOption.AddTo(
            root.Subcommands,
            "run",
            "plan",
            "submit",
            "advance",
            "resume",
            "merge",
            "element",
            "inspect",
            "top",
            "compare",
            "export-table",
            "export",
            "report",
            "export-results",
            "fixelstats_write",
            "volumestats_write",
            "ciftistats_write",
            "rechunk",
            "delete",
            "rename",
            "runs",
            "clean"
        );
        HelpPages.Apply(root);
        return root;
    }
}
