using System.CommandLine;
using HpcFit.Shared.Hosting;
using HpcFit.Worker.Commands;
using HpcFit.Worker.Pipeline;

if (args is [InterpretCommand.Verb, ..]) return InterpretCommand.Become(args.AsSpan(1));
if (args is ["fit" or "probe" or AttendCommand.Verb, ..]) WarmStart.Begin();
var root = new RootCommand("Fits models at the elements of ModelArray files. Started by hpcfit and by Slurm; rarely by hand.")
{
    ProbeCommand.Create(),
    FitCommand.Create(),
    ElementCommand.Create(),
};
return args is [AttendCommand.Verb] ? AttendCommand.Run(line => CommandLineProgram.Run(root, line)) : CommandLineProgram.Run(root, args);
