using System.CommandLine;
using System.CommandLine.Invocation;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Hosting;

/// <summary>Parses and runs a command line with this project's exit codes, leaving signals to <see cref="StopSignals"/>.</summary>
public static class CommandLineProgram
{
    private const string Help = "help";
    private const string Diagnostics = "DOTNET_EnableDiagnostics";

    /// <summary>Words are taken literally: <c>@name</c> is not a response file, <c>-abc</c> not three options.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    /// <summary>Parses <paramref name="args"/> and runs the command; its action returns the exit code.</summary>
    /// <returns>The process's exit code; <see cref="ExitCode.Usage"/> if the command line is invalid.</returns>
    public static int Run(RootCommand root, IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(root);
        ProgramVersion.ApplyTo(root);
        // Many child processes are killed or replaced by exec, and cannot remove the debugger sockets that .NET creates in /tmp.
        if (Environment.GetEnvironmentVariable(Diagnostics) is null)
            Environment.SetEnvironmentVariable(Diagnostics, "0");
        // The library's handling of Ctrl-C and of exceptions would end the process before the current block is published, and with other
        // exit codes.
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        if (args.Count > 0 && args[0] == Help)
            args = [.. args.Skip(1), $"--{Help}"];
        return ExceptionBoundary.Guard(() =>
        {
            var line = root.Parse(args, Parsing);
            var isWrong = line.Action is ParseErrorAction;
            foreach (var sentence in isWrong ? UsageReport.Sentences(line, args) : [])
                Console.Error.WriteLine(sentence);
            var code = isWrong ? ExitCode.Usage : (ExitCode)line.Invoke(configuration);
            if (code == ExitCode.Usage)
                Console.Error.WriteLine(UsageReport.Pointer(line));
            return code;
        });
    }
}
