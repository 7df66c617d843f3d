using System.Diagnostics;
using System.Text.Json;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>Asks the worker program whether a model can be fitted, and what it will cost, before there is a run.</summary>
internal static class Probe
{
    /// <summary>The worker's answer.</summary>
    /// <exception cref="ProbeRefusedException">The model cannot be fitted: the worker's own words and exit code.</exception>
    public static ProbeAnswer Ask(RunSpec spec, CancellationToken token)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(spec, RunJson.Default.RunSpec));
            var (exitCode, output, errors) = Run(file, token);
            var answer = Parse(output) ?? throw new ProbeRefusedException(
                $"The worker's probe ended with exit code {exitCode} and no answer. It said:\n{errors}", ExitCode.InternalError);
            return answer.Error is null ? answer : throw new ProbeRefusedException(answer.Error, answer.ExitCode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static (int ExitCode, string Output, string Errors) Run(string specFile, CancellationToken token)
    {
        using var process = Process.Start(WorkerProgram.Start("probe", "--spec", specFile))!;
        using var stop = token.Register(() => process.Kill());
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        // What reading the answer and writing the run need is made ready while the worker looks at the data.
        RunJson.Default.ProbeAnswer.MakeReadOnly();
        RunJson.Default.RunDocument.MakeReadOnly();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        token.ThrowIfCancellationRequested();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
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
