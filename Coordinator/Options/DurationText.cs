using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Options;

/// <summary>Durations as users write them: <c>45s</c>, <c>30m</c>, <c>2h</c>, <c>1.5h</c>, <c>1d</c>.</summary>
internal static class DurationText
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>Parses a duration above zero.</summary>
    /// <exception cref="UsageException">The text is not a duration.</exception>
    public static TimeSpan Parse(string option, string text) =>
        TryParse(text)
        ?? throw new UsageException(
            $"{option} is '{text}'; a number with a unit was expected, such as 45s, 30m, 2h or "
                + $"1d.{TypedNumber.Advice(text.TrimEnd('s', 'm', 'h', 'd'))}"
        );

    /// <summary>Parses a duration above zero; null if the text is not one.</summary>
    public static TimeSpan? TryParse(string text)
    {
        var unit =
            text.Length == 0
                ? 0
                : text[^1] switch
                {
                    's' => 1.0,
                    'm' => 60,
                    'h' => 3600,
                    'd' => 86_400,
                    _ => 0,
                };
        return unit > 0 && TypedNumber.Real(text[..^1]) is > 0 and var number && number * unit <= Longest.TotalSeconds
            ? TimeSpan.FromSeconds(number * unit)
            : null;
    }
}
