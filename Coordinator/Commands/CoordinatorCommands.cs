using System.CommandLine;
using HpcFit.Coordinator.Launching;

namespace HpcFit.Coordinator.Commands;

/// <summary>All commands of <c>hpcfit</c>.</summary>
internal static class CoordinatorCommands
{
    /// <summary>Creates the root command with all verbs.</summary>
    /// <param name="ready">A worker that was started in advance for <c>run</c>; null: none.</param>
    public static RootCommand Create(AttendingWorker? ready = null)
    {
        var root = new RootCommand("Fits the same model at every element of a ModelArray HDF5 file, with R's numbers.")
        {
            RunCommand.Create(ready),
            PlanCommand.Create(),
            SubmitCommand.Create(),
            AdvanceCommand.Create(),
            ResumeCommand.Create(),
            StatusCommand.Create(),
            CancelCommand.Create(),
            MergeCommand.Create(),
            ElementCommand.Create(),
            InspectCommand.Create(),
            ExportTableCommand.Create(),
            ExportCommand.Create(),
            RecoverCommand.Create(),
            RechunkCommand.Create(),
            DemoCommand.Create(),
        };
        foreach (var command in ConvertCommand.CreateAll())
            root.Subcommands.Add(command);
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
            "export-table",
            "export",
            "rechunk"
        );
        HelpPages.Apply(root);
        return root;
    }
}
