using HpcFit.Shared.Partials;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Records;

/// <summary>Logs which partials, or parts of them, are ignored and why: another run, a newer format, damage.</summary>
internal static partial class IgnoredPartials
{
    /// <summary>Logs one warning for each.</summary>
    public static void Report(RunCoverage coverage, ILogger log)
    {
        foreach (var reason in coverage.LeftOut)
            LeftOut(log, reason);
    }

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "{Reason}")]
    private static partial void LeftOut(ILogger log, string reason);
}
