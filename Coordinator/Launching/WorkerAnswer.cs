using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Launching;

/// <summary>What a verb of the worker program answers in JSON, in a process of its own.</summary>
internal static class WorkerAnswer
{
    /// <summary>Starts the worker and reads its answer.</summary>
    /// <param name="arguments">The verb and its options.</param>
    /// <param name="type">The answer's type.</param>
    /// <param name="token">Ends the worker.</param>
    /// <exception cref="ProbeRefusedException">It ended without an answer.</exception>
    public static T From<T>(string[] arguments, JsonTypeInfo<T> type, CancellationToken token)
        where T : class
    {
        using var record = OpenFileRecord.Create();
        using var process = Process.Start(WorkerProgram.Start(record, arguments))!;
        using var stop = token.Register(() => process.Kill());
        var errors = StderrTail.AllAsync(process.StandardError);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        token.ThrowIfCancellationRequested();
        var words = errors.GetAwaiter().GetResult();
        return Parse(output, type)
            ?? throw ProbeRefusedException.From(process.ExitCode, record.Read(), words)
                ?? new ProbeRefusedException(
                    $"'hpcfit-worker {arguments[0]}' ended with exit code {process.ExitCode} and no answer. It wrote:\n{words}",
                    ExitCode.InternalError
                );
    }

    /// <summary>An answer as it was written; null when it is none.</summary>
    public static T? Parse<T>(string output, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(output, type);
        }
        catch (JsonException)
        {
            // A worker that died may have written nothing or half an answer; the caller reports what it wrote to standard error instead.
            return null;
        }
    }
}
