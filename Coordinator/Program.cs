using System.CommandLine;
using HpcFit.Coordinator.Commands;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Reading;
using HpcFit.Coordinator.Running;
using HpcFit.Coordinator.Writing.Child;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

// Not a verb of the user's: it must be quick, and no part of the host may be between it and its file.
if (args is [WriteChild.Verb, ..]) return WriteChild.Run(args);
if (args is [ReadChild.Verb, ..]) return ReadChild.Run(args);
if (SupervisedVerb.Arguments(args) is { } own) args = own;
else if (SupervisedVerb.Is(args)) return SupervisedVerb.Run(args);

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
MetadataTimeout.AddTo(root.Subcommands, "run", "plan", "submit", "resume", "merge", "element", "inspect", "export-table", "export", "rechunk");
HelpPages.Apply(root);
return ExitCodeRim.Guard(() => (ExitCode)CommandLineProgram.Run(root, SpecFile.Expand(root, args)));
