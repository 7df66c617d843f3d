using System.Globalization;
using System.Text.Json;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Launching;

/// <summary>Asks the worker program whether a model can be fitted, and what it will cost, before there is a run.</summary>
internal static class ModelProbe
{
    /// <summary>The worker's answer.</summary>
    /// <param name="spec">What is to be computed.</param>
    /// <param name="metadataTimeout">How long a call into the HDF5 library may take.</param>
    /// <param name="token">Ends the worker.</param>
    /// <param name="ready">A worker that waits for the question; null: none.</param>
    /// <exception cref="ProbeRefusedException">The model cannot be fitted: the worker's own words and exit code.</exception>
    public static ProbeAnswer Ask(RunSpec spec, TimeSpan metadataTimeout, CancellationToken token, AttendingWorker? ready = null)
    {
        using var file = new MemoryFile(JsonSerializer.SerializeToUtf8Bytes(spec, RunJson.Default.RunSpec));
        string[] arguments =
        [
            "probe",
            "--spec",
            file.Path,
            "--metadata-timeout",
            metadataTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        ];
        var answer =
            WorkerAnswer.Parse(ready?.Probe(arguments, token) ?? "", RunJson.Default.ProbeAnswer)
            ?? WorkerAnswer.From(arguments, RunJson.Default.ProbeAnswer, token);
        return answer.Error is null ? answer : throw new ProbeRefusedException(answer.Error, answer.ExitCode);
    }
}

/// <summary>The worker refused a model; the message and the exit code are its own.</summary>
internal sealed class ProbeRefusedException(string message, ExitCode exitCode) : HpcFitException(message)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => exitCode;

    /// <summary>Why a probe ended without an answer; null when its end does not tell.</summary>
    /// <param name="status">Its exit status.</param>
    /// <param name="file">The HDF5 file that it had open; null: none.</param>
    /// <param name="words">What it wrote to standard error.</param>
    public static HpcFitException? From(int status, string? file, string words) =>
        ChildCrash.Explain(status, file)
        ?? (
            status > (int)ExitCode.InternalError && Enum.IsDefined((ExitCode)status) && words.Length > 0
                ? (HpcFitException)new ProbeRefusedException(words.TrimEnd(), (ExitCode)status)
                : null
        );
}
