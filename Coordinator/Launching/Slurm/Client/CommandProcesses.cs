using System.Collections;
using System.ComponentModel;
using System.Diagnostics;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>
/// Runs the scheduler's programs as processes, in an environment in which their output does not depend on the user's settings.
/// </summary>
internal sealed class CommandProcesses : ICommandRunner
{
    /// <summary>
    /// They select the cluster. All other variables of these families describe the job that this process runs in, or change output formats.
    /// </summary>
    private static readonly string[] Kept = ["SLURM_CONF", "SLURM_CLUSTERS"];

    private static readonly string[] Families = ["SLURM_", "SBATCH_", "SQUEUE_", "SACCT_", "SCANCEL_", "SINFO_", "SCONTROL_"];

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
        foreach (var (name, value) in Cleared(Environment.GetEnvironmentVariables()))
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

    /// <summary>
    /// The environment of a scheduler's program: a job submitted from within a job must not inherit its parent's resources, and output
    /// must have the formats that the parsers expect.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Cleared(IDictionary environment)
    {
        var cleared = new Dictionary<string, string>();
        foreach (DictionaryEntry entry in environment)
        {
            var name = (string)entry.Key;
            if (Kept.Contains(name) || !Families.Any(family => name.StartsWith(family, StringComparison.Ordinal)))
                cleared[name] = (string?)entry.Value ?? "";
        }
        cleared["LC_ALL"] = "C";
        cleared["SLURM_BITSTR_LEN"] = "0"; // array task lists in full instead of their first 64 characters
        cleared["SLURM_TIME_FORMAT"] = "standard";
        return cleared;
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
