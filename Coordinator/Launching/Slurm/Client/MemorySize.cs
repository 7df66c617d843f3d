using System.Globalization;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>Memory in the notation of Slurm's <c>--mem</c>: a number of megabytes, or one with K, M, G or T, all powers of 1024.</summary>
internal static class MemorySize
{
    private const string Units = "KMGT";

    /// <summary>The bytes; null if the text is not a size.</summary>
    public static long? Parse(string text)
    {
        text = text.Trim();
        var unit = text.Length == 0 ? -1 : Units.IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal);
        if (!long.TryParse(unit < 0 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        var shift = unit < 0 ? 20 : 10 * (unit + 1);
        return number > 0 && number <= long.MaxValue >> shift ? number << shift : null;
    }
}
