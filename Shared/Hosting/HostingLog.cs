using Microsoft.Extensions.Logging;

namespace HpcFit.Shared.Hosting;

/// <summary>What the rim says.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Failure}")]
    public static partial void Failed(ILogger log, string failure, Exception? trace);
}
