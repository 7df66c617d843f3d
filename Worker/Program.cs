using System.CommandLine;
using HpcFit.Shared.Hosting;
using HpcFit.Worker.Commands;

if (args is [InterpretCommand.Verb, ..]) return InterpretCommand.Become(args.AsSpan(1));
return CommandLineProgram.Run(
    new RootCommand("Fits models at the elements of ModelArray files. Started by hpcfit and by Slurm; rarely by hand.") { ProbeCommand.Create(), FitCommand.Create() },
    args);
