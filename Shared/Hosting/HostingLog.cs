using Microsoft.Extensions.Logging;

namespace HpcFit.Shared.Hosting;

/// <summary>Log events of program start and end.</summary>
internal static partial class HostingLog
{
    /// <summary>
    /// The number of methods that were not precompiled: the cost of starting up (docs/decisions/start-up.md).
    /// </summary>
    [LoggerMessage(Level = LogLevel.Debug, Message = "Compiled {Methods} methods while running")]
    public static partial void Compiled(ILogger log, long methods);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Failure}")]
    public static partial void Failed(ILogger log, string failure, Exception? trace);
}
