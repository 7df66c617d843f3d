using System.CommandLine;
using HpcFit.Shared.Failures;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Options;

/// <summary><c>--log-level</c>: the minimum level of messages on standard error, in small letters or ModelArrayIO's capitals.</summary>
internal static class LogLevelOption
{
    private const string Name = "--log-level";
    private const string Default = "info";

    private static readonly Dictionary<string, LogLevel> Levels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["debug"] = LogLevel.Debug,
        [Default] = LogLevel.Information,
        ["warning"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
        ["critical"] = LogLevel.Error,
    };

    private static readonly string[] Shown = ["debug", Default, "warning", "error"];

    /// <summary>Creates the option.</summary>
    /// <param name="hasLogFile">Whether the verb also writes a log file, which has all levels.</param>
    public static Option<string> Create(bool hasLogFile) =>
        new(Name)
        {
            Description =
                $"minimum level of messages on standard error{(hasLogFile ? "; the log file has all levels" : "")} (default: {Default})",
            HelpName = string.Join('|', Shown),
            DefaultValueFactory = _ => Default,
            CustomParser = result =>
            {
                var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
                if (!Levels.ContainsKey(text))
                    result.AddError($"{Name} is '{text}'. {NearestNames.Hint(text, Shown)}");
                return text;
            },
        };

    /// <summary>The level.</summary>
    public static LogLevel Read(ParseResult line, Option<string> option) => Levels[line.GetValue(option)!];
}
