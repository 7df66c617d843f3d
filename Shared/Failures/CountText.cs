using System.Globalization;

namespace HpcFit.Shared.Failures;

/// <summary>A count with its noun in the right number: <c>1 job</c>, <c>2,000 jobs</c>.</summary>
public static class CountText
{
    /// <summary>Formats a count, with thousands separators.</summary>
    /// <param name="count">The count.</param>
    /// <param name="noun">The noun in the singular; its plural must end in s.</param>
    public static string Format(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
