using System.Globalization;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>
/// Time limits as Slurm writes them: minutes, <c>minutes:seconds</c>, <c>hours:minutes:seconds</c>, with <c>days-</c> before; after days
/// hours alone are allowed.
/// </summary>
internal static class SlurmTime
{
    /// <summary>A longer limit means no limit: Slurm's 32 bits of minutes hold this value as infinite.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(uint.MaxValue - 1.0);

    /// <summary>Reads a limit; null for none (<c>UNLIMITED</c>, <c>infinite</c>, <c>NONE</c>) and for text that is not a time.</summary>
    public static TimeSpan? Parse(string text)
    {
        text = text.Trim();
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var clock = text[(dash + 1)..].Split(':').Select(Number).ToList();
        if (clock.Count > 3 || clock.Contains(null) || (dash < 0 ? 0 : Number(text[..dash])) is not { } days)
            return null;
        var seconds = (dash, clock.Count) switch
        {
            (< 0, 1) => 60 * clock[0],
            (< 0, 2) => (60 * clock[0]) + clock[1],
            _ => (86_400 * days) + (3600 * clock[0]) + (60 * clock.ElementAtOrDefault(1) ?? 0) + (clock.ElementAtOrDefault(2) ?? 0),
        };
        return seconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds((double)seconds!) : null;
    }

    private static double? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Writes <c>days-hh:mm:00</c>, whole minutes, rounded up: Slurm's resolution is one minute.</summary>
    public static string Format(TimeSpan limit)
    {
        var minutes = (long)Math.Ceiling(limit.TotalMinutes);
        var (days, hours) = (minutes / 1440, minutes / 60 % 24);
        return $"{(days > 0 ? $"{days}-" : "")}{hours:D2}:{minutes % 60:D2}:00";
    }
}
