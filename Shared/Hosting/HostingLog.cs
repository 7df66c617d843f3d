using Microsoft.Extensions.Logging;

namespace HpcFit.Shared.Hosting;

/// <summary>What the edge of a program says.</summary>
internal static partial class HostingLog
{
    /// <summary>
    /// What no image held and the process had to compile: what a start costs besides its work (docs/decisions/start-up.md).
    /// </summary>
    [LoggerMessage(Level = LogLevel.Debug, Message = "Compiled {Methods} methods while running")]
    public static partial void Compiled(ILogger log, long methods);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Failure}")]
    public static partial void Failed(ILogger log, string failure, Exception? trace);
}
