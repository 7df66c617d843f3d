using HpcFit.Coordinator.Commands;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Coordinator.Reading;
using HpcFit.Coordinator.Writing.Child;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

if (ResourceLimits.Refuse() is { } limit)
    return (int)limit;
TypedCommand.PassOn();

// Not a verb of the user's: it must be quick, and no part of the host may be between it and its file.
if (args is [WriteChild.Verb, ..])
    return WriteChild.Run(args);
if (args is [ReadChild.Verb, ..])
    return ReadChild.Run(args);
if (SupervisedVerb.Arguments(args) is { } own)
    args = own;
else if (SupervisedVerb.Is(args))
    return SupervisedVerb.Run(args);

// Starting a worker takes as long as everything that this program does before it needs one.
using var workers = args is ["run", ..] ? WorkerPool.StartAhead() : new WorkerPool();
var models = new ModelLines();
var root = CoordinatorCommands.Create(workers, models);
return ExceptionBoundary.Guard(() => (ExitCode)CommandLineProgram.Run(root, models.Expand(root, args)));
