using HpcFit.Shared.Hosting;
using HpcFit.Worker.Commands;
using HpcFit.Worker.Custom;

if (args is [Interpreter.Verb, ..])
    return InterpretCommand.Become(args.AsSpan(1));
if (ResourceLimits.Refuse() is { } limit)
    return (int)limit;
if (args is [TailsCommand.Verb])
    return TailsCommand.Run();
if (args is ["fit" or "probe" or AttendCommand.Verb, ..])
    WarmStart.Begin();
var root = WorkerCommands.Create();
return args is [AttendCommand.Verb] ? AttendCommand.Run(line => CommandLineProgram.Run(root, line)) : CommandLineProgram.Run(root, args);
