using System.CommandLine;
using HpcFit.Coordinator.Commands;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Running;
using HpcFit.Coordinator.Writing.Child;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

// Not a verb of the user's: it must be quick, and no part of the host may be between it and its file.
if (args is [WriteChild.Verb, ..]) return WriteChild.Run(args);

// Starting a worker takes as long as all that this program does before it needs one.
using var ready = args is ["run", ..] ? AttendingWorker.Begin(Rehearsal.PlayPlanning, Rehearsal.PlayMerging) : null;
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
foreach (var verb in ConvertCommand.CreateAll()) root.Subcommands.Add(verb);
HelpPages.Apply(root);
return ExitCodeRim.Guard(() => (ExitCode)CommandLineProgram.Run(root, SpecFile.Expand(root, args)));
