using System.CommandLine;
using System.CommandLine.Invocation;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Hosting;

/// <summary>Runs a parsed command line with this project's exit codes, leaving signals to <see cref="StopSignals"/>.</summary>
public static class CommandLineProgram
{
    /// <summary>Parses <paramref name="args"/> and runs the verb; the verb's action returns the exit code.</summary>
    /// <returns>The process's exit code; <see cref="ExitCode.Usage"/> when the line is wrong.</returns>
    public static int Run(RootCommand root, IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(root);
        // Its own handling of Ctrl-C and of exceptions would end the process before the block at hand is published, and with other codes.
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        return ExitCodeRim.Guard(() =>
        {
            var line = root.Parse(args);
            var code = (ExitCode)line.Invoke(configuration);
            return line.Action is ParseErrorAction ? ExitCode.Usage : code;
        });
    }
}
