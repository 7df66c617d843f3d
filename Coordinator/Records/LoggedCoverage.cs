using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Records;

/// <summary>Reads a run's coverage and tells what does not count, and why: partials of other runs or newer formats, damage.</summary>
internal static partial class LoggedCoverage
{
    /// <summary>The coverage.</summary>
    /// <param name="run">The run.</param>
    /// <param name="known">The coverage, where it has been read already.</param>
    /// <param name="log">Where it is told.</param>
    /// <param name="token">Stops reading.</param>
    public static Coverage Read(RunDirectory run, Coverage? known, ILogger log, CancellationToken token)
    {
        var coverage = known ?? Coverage.Read(run, token);
        foreach (var reason in coverage.LeftOut)
            LeftOut(log, reason);
        return coverage;
    }

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "{Reason}")]
    private static partial void LeftOut(ILogger log, string reason);
}
