using System.Globalization;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Imaging.Mif;

/// <summary>One line of an MRtrix header.</summary>
/// <param name="Key">The text before the colon.</param>
/// <param name="Value">The text after the colon.</param>
internal sealed record MifLine(string Key, string Value)
{
    /// <summary>The key as MRtrix compares it.</summary>
    public string Name { get; } = Key.ToLowerInvariant();

    /// <summary>Parses a line; without a colon, the whole line is the key.</summary>
    public static MifLine Parse(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(line, "") : new(line[..colon].Trim(), line[(colon + 1)..].Trim());
    }

    /// <summary>The value of the line with the given key, without comments; null if there is none.</summary>
    /// <exception cref="BadInputException">Two lines with this key differ.</exception>
    public static string? Find(IReadOnlyList<MifLine> lines, string name, string path)
    {
        var values = lines.Where(line => line.Name == name).Select(line => line.Value.Split('#')[0].TrimEnd()).Distinct().ToList();
        return values.Count <= 1
            ? values.FirstOrDefault()
            : throw new BadInputException(
                $"'{path}' has {values.Count} different lines '{name}': "
                    + $"{string.Join(" and ", values.Take(2).Select(value => $"'{value}'"))}. Readers "
                    + "disagree about which one holds; leave one."
            );
    }

    /// <summary>The value of a required line.</summary>
    /// <exception cref="BadInputException">It is missing, or two lines with this key differ.</exception>
    public static string Required(IReadOnlyList<MifLine> lines, string name, string path) =>
        Find(lines, name, path) ?? throw new BadInputException($"'{path}' is damaged: its header has no line '{name}'.");

    /// <summary>The numbers of a required line.</summary>
    /// <exception cref="BadInputException">It is missing, or does not contain comma-separated numbers.</exception>
    public static double[] Numbers(IReadOnlyList<MifLine> lines, string name, string path) =>
        Numbers(name, Required(lines, name, path), path);

    /// <summary>The numbers in a line's value.</summary>
    /// <exception cref="BadInputException">It does not contain comma-separated numbers.</exception>
    public static double[] Numbers(string name, string value, string path)
    {
        return [.. value.Split(',', StringSplitOptions.TrimEntries).Select(Number)];

        double Number(string text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new BadInputException($"'{path}' has the line '{name}: {value}'; comma-separated numbers were expected.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Key}: {Value}";
}
