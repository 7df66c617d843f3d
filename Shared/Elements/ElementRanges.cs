using System.Globalization;
using System.Text;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Elements;

/// <summary>Parses and formats ranges of elements as users write them: 1-based, inclusive, in their order: <c>1:100,205</c>.</summary>
public static class ElementRanges
{
    /// <summary>Parses <paramref name="text"/>; blanks are allowed, an empty string means no ranges. Order and duplicates are
    /// kept.</summary>
    /// <exception cref="BadInputException">A part is not a range.</exception>
    public static IReadOnlyList<ElementRange> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.IsNullOrWhiteSpace(text) ? [] : [.. text.Split(',').Select(part => ParseOne(part.Trim(), text))];
    }

    /// <summary>Formats ranges as <see cref="Parse"/> reads them.</summary>
    public static string Format(IEnumerable<ElementRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        var text = new StringBuilder();
        foreach (var range in ranges)
            text.Append(text.Length > 0 ? "," : "").Append(range.ToString());
        return text.ToString();
    }

    private static ElementRange ParseOne(string part, string text)
    {
        var colon = part.IndexOf(':', StringComparison.Ordinal);
        var first = colon < 0 ? part : part[..colon].Trim();
        var last = colon < 0 ? part : part[(colon + 1)..].Trim();
        if (first.Length > 1 && first[0] == '0')
            throw new BadInputException(
                $"'{part}' in the element subset '{text}' begins with 0. Commas separate ranges: write numbers without anything "
                    + "between thousands, 1000:2000."
            );
        if (
            !long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            || !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
        )
            throw new BadInputException(
                $"'{part}' in the element subset '{text}' is not a range. Write ranges as 1:100,205: counted from 1, the last one included."
            );
        if (from < 1 || to < from || to == long.MaxValue)
            throw new BadInputException(
                $"'{part}' in the element subset '{text}' starts below 1 or ends before it starts. Elements are counted from 1, the "
                    + "last one included."
            );
        return new(from - 1, to);
    }
}
