using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Options;

/// <summary>Sizes in bytes as users write them: <c>500M</c>, <c>4G</c>, <c>1.5G</c>, <c>1T</c> (powers of 1024).</summary>
internal static class ByteCountText
{
    private const double Max = 1L << 60;

    /// <summary>A size as a user would type it, in the largest unit of which it is a multiple.</summary>
    public static string Format(long bytes) =>
        bytes % (1L << 30) == 0 ? $"{bytes >> 30}G"
        : bytes % (1L << 20) == 0 ? $"{bytes >> 20}M"
        : $"{bytes >> 10}K";

    /// <summary>Parses a size above zero.</summary>
    /// <exception cref="UsageException">The text is not a size.</exception>
    public static long Parse(string option, string text)
    {
        var digits = text.TakeWhile(ch => char.IsAsciiDigit(ch) || ch == '.').Count();
        var unit = text[digits..].Trim() switch
        {
            "" => 0,
            "k" or "K" => 10,
            "M" or "MB" => 20,
            "G" or "GB" => 30,
            "T" or "TB" => 40,
            _ => -1,
        };
        return unit >= 0 && TypedNumber.Real(text[..digits]) is { } number && number * (1L << unit) is >= 1 and <= Max and var bytes
            ? (long)bytes
            : throw new UsageException(
                $"{option} is '{text}'; a size such as 500M or 4G was "
                    + $"expected.{TypedNumber.Advice(text.TrimEnd('B', 'K', 'k', 'M', 'G', 'T'))}"
            );
    }
}
