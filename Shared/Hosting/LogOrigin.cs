using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace HpcFit.Shared.Hosting;

/// <summary>
/// Where a log line comes from: every event carries the machine (<c>Host</c>) and, inside a Slurm job, its id (<c>Job</c>, of an array task
/// <c>1234_5</c>), so that lines of many nodes in one file can be told apart.
/// </summary>
internal sealed class LogOrigin : ILogEventEnricher
{
    private readonly LogEventProperty[] _properties = Job(Environment.GetEnvironmentVariable) is { } job
        ? [new("Host", new ScalarValue(Environment.MachineName)), new("Job", new ScalarValue(job))]
        : [new("Host", new ScalarValue(Environment.MachineName))];

    /// <summary>The Slurm job as <c>squeue</c> shows it; null outside one.</summary>
    /// <param name="variable">The environment.</param>
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
