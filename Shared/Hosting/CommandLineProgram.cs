using System.CommandLine;
using System.CommandLine.Invocation;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Hosting;

/// <summary>Runs a parsed command line with this project's exit codes, leaving signals to <see cref="StopSignals"/>.</summary>
public static class CommandLineProgram
{
    private const string Diagnostics = "DOTNET_EnableDiagnostics";

    /// <summary>Parses <paramref name="args"/> and runs the verb; the verb's action returns the exit code.</summary>
    /// <returns>The process's exit code; <see cref="ExitCode.Usage"/> when the line is wrong.</returns>
    public static int Run(RootCommand root, IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(root);
        // Of what this program starts, much is killed or becomes another program, and cannot remove the sockets that .NET keeps for debuggers in /tmp.
        if (Environment.GetEnvironmentVariable(Diagnostics) is null) Environment.SetEnvironmentVariable(Diagnostics, "0");
        // Its own handling of Ctrl-C and of exceptions would end the process before the block at hand is published, and with other codes.
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        return ExitCodeRim.Guard(() =>
        {
            var line = root.Parse(args);
            foreach (var hint in UnknownOptions(line)) Console.Error.WriteLine(hint);
            var code = (ExitCode)line.Invoke(configuration);
            return line.Action is ParseErrorAction ? ExitCode.Usage : code;
        });
    }

    /// <summary>What an option that nobody knows may have meant; the library suggests verbs only.</summary>
    private static IEnumerable<string> UnknownOptions(ParseResult line)
    {
        var known = line.CommandResult.Command.Options.Select(option => option.Name).ToList();
        return line.UnmatchedTokens.Where(token => token.StartsWith('-'))
            .Select(token => $"'{token}' is no option of '{line.CommandResult.Command.Name}'. {NearestNames.Hint(token, known)}");
    }
}
