using System.Globalization;

namespace HpcFit.Shared.Failures;

/// <summary>A size in bytes for people: <c>512 bytes</c>, <c>3.2 MB</c> (powers of 1000).</summary>
public static class ByteSize
{
    /// <summary>Formats a size.</summary>
    public static string Format(long bytes) =>
        bytes switch
        {
            < 1_000 => CountText.Format(bytes, "byte"),
            < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F1} kB"),
            < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB"),
        };
}
