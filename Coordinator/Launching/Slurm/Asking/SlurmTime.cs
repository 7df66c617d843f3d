using System.Globalization;

namespace HpcFit.Coordinator.Launching.Slurm.Asking;

/// <summary>Time limits as Slurm writes them: minutes, <c>minutes:seconds</c>, <c>hours:minutes:seconds</c>, with <c>days-</c> before; hours alone after days.</summary>
internal static class SlurmTime
{
    /// <summary>Reads a limit; null for none (<c>UNLIMITED</c>, <c>infinite</c>, <c>NONE</c>) and for what is no time.</summary>
    public static TimeSpan? Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var clock = new List<int>();
        foreach (var part in text[(dash + 1)..].Split(':'))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return null;
            clock.Add(value);
        }
        if (clock.Count > 3) return null;
        if (dash < 0)
        {
            return clock.Count switch
            {
                1 => new TimeSpan(0, clock[0], 0),
                2 => new TimeSpan(0, clock[0], clock[1]),
                _ => new TimeSpan(clock[0], clock[1], clock[2]),
            };
        }
        return int.TryParse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            ? new TimeSpan(days, clock[0], clock.ElementAtOrDefault(1), clock.ElementAtOrDefault(2))
            : null;
    }

    /// <summary>Writes <c>days-hh:mm:00</c>, whole minutes, rounded up: Slurm counts in minutes.</summary>
    public static string Format(TimeSpan limit)
    {
        var minutes = (long)Math.Ceiling(limit.TotalMinutes);
        var (days, hours) = (minutes / 1440, minutes / 60 % 24);
        return $"{(days > 0 ? $"{days}-" : "")}{hours:D2}:{minutes % 60:D2}:00";
    }
}
