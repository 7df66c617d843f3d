using System.Collections;
using System.ComponentModel;
using System.Diagnostics;

namespace HpcFit.Coordinator.Launching.Batch;

/// <summary>
/// Runs the scheduler's programs as processes, in an environment in which their output does not depend on the user's settings.
/// </summary>
/// <param name="environment">The environment of a program, from that of this process.</param>
internal sealed class CommandProcesses(Func<IDictionary, IReadOnlyDictionary<string, string>> environment) : ICommandRunner
{
    /// <inheritdoc/>
    public CommandAnswer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken token)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment(Environment.GetEnvironmentVariables()))
            start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            return Wait(process, limit, token);
        }
        catch (Win32Exception absent) when (absent.NativeErrorCode == 2)
        {
            return new(CommandEnding.NotFound, -1, "", $"'{program}' is not in the path.");
        }
    }

    private static CommandAnswer Wait(Process process, TimeSpan limit, CancellationToken token)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(limit);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            Task.WaitAll([output, errors, process.WaitForExitAsync(deadline.Token)], CancellationToken.None);
            return new(CommandEnding.Ended, process.ExitCode, output.Result, errors.Result);
        }
        catch (AggregateException stopped) when (stopped.InnerExceptions.All(one => one is OperationCanceledException))
        {
            process.Kill();
            token.ThrowIfCancellationRequested();
            return new(CommandEnding.TimedOut, -1, "", $"no answer within {limit.TotalSeconds:F0} s");
        }
    }
}
