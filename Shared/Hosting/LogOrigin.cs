using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace HpcFit.Shared.Hosting;

/// <summary>
/// The origin of log lines: every event has the host name (<c>Host</c>) and, inside a Slurm job, the job's id (<c>Job</c>; <c>1234_5</c>
/// for an array task), which distinguishes lines of many nodes in one file.
/// </summary>
internal sealed class LogOrigin : ILogEventEnricher
{
    private readonly LogEventProperty[] _properties = Job(Environment.GetEnvironmentVariable) is { } job
        ? [new("Host", new ScalarValue(Environment.MachineName)), new("Job", new ScalarValue(job))]
        : [new("Host", new ScalarValue(Environment.MachineName))];

    /// <summary>The Slurm job as <c>squeue</c> shows it; null outside one.</summary>
    /// <param name="variable">Reads an environment variable; null if unset.</param>
    public static string? Job(Func<string, string?> variable)
    {
        var task = variable("SLURM_ARRAY_TASK_ID");
        return task is { Length: > 0 } && variable("SLURM_ARRAY_JOB_ID") is { Length: > 0 } array
                ? string.Create(CultureInfo.InvariantCulture, $"{array}_{task}")
            : variable("SLURM_JOB_ID") is { Length: > 0 } job ? job
            : null;
    }

    /// <inheritdoc/>
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        foreach (var property in _properties)
            logEvent.AddPropertyIfAbsent(property);
    }
}
