using System.Diagnostics;
using System.Text.Json;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>Asks the worker program whether a model can be fitted, and what it will cost, before there is a run.</summary>
internal static class Probe
{
    /// <summary>The worker's answer.</summary>
    /// <param name="spec">What is to be computed.</param>
    /// <param name="token">Ends the worker.</param>
    /// <param name="ready">A worker that waits for the question; null: none.</param>
    /// <exception cref="ProbeRefusedException">The model cannot be fitted: the worker's own words and exit code.</exception>
    public static ProbeAnswer Ask(RunSpec spec, CancellationToken token, AttendingWorker? ready = null)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(spec, RunJson.Default.RunSpec));
            var answer = Parse(ready?.Probe(Arguments(file), token) ?? "") ?? Run(file, token);
            return answer.Error is null ? answer : throw new ProbeRefusedException(answer.Error, answer.ExitCode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string[] Arguments(string specFile) => ["probe", "--spec", specFile];

    /// <summary>Asks a process of its own.</summary>
    private static ProbeAnswer Run(string specFile, CancellationToken token)
    {
        using var process = Process.Start(WorkerProgram.Start(Arguments(specFile)))!;
        using var stop = token.Register(() => process.Kill());
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        token.ThrowIfCancellationRequested();
        return Parse(output) ?? throw new ProbeRefusedException(
            $"The worker's probe ended with exit code {process.ExitCode} and no answer. It said:\n{errors.GetAwaiter().GetResult()}", ExitCode.InternalError);
    }

    private static ProbeAnswer? Parse(string output)
    {
        try
        {
            return JsonSerializer.Deserialize(output, RunJson.Default.ProbeAnswer);
        }
        catch (JsonException)
        {
            // A worker that died may have written nothing or half an answer; the caller says what it said instead.
            return null;
        }
    }
}

/// <summary>The worker refused a model; the message and the exit code are its own.</summary>
internal sealed class ProbeRefusedException(string message, ExitCode exitCode) : HpcFitException(message)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => exitCode;
}
