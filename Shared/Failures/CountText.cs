using System.Globalization;

namespace HpcFit.Shared.Failures;

/// <summary>A count with its noun, as people say it: <c>1 job</c>, <c>2,000 jobs</c>.</summary>
public static class CountText
{
    /// <summary>The text.</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">Of what, in the singular; its plural ends in s.</param>
    public static string Format(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
