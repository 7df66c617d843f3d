using System.Diagnostics;
using System.Text.Json;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Launching;

/// <summary>Hands a command on to the worker program: what it writes, and its exit code, are this program's.</summary>
internal static class WorkerVerb
{
    /// <summary>Runs a verb of the worker with a spec.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="arguments">The verb and its other options.</param>
    /// <param name="token">Ends the worker.</param>
    public static ExitCode Run(RunSpec spec, IReadOnlyList<string> arguments, CancellationToken token)
    {
        using var file = new MemoryFile(JsonSerializer.SerializeToUtf8Bytes(spec, RunJson.Default.RunSpec));
        using var record = OpenFileRecord.Create();
        var start = WorkerProgram.Start(record, [.. arguments, "--spec", file.Path]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = false;
        using var process = Process.Start(start)!;
        using var stop = token.Register(() => process.Kill());
        process.WaitForExit();
        token.ThrowIfCancellationRequested();
        return ChildCrash.Explain(process.ExitCode, record.Read()) is { } crash ? throw crash : (ExitCode)process.ExitCode;
    }
}
