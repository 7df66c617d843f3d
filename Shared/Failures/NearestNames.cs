namespace HpcFit.Shared.Failures;

/// <summary>Suggests known names similar to an unknown one.</summary>
public static class NearestNames
{
    /// <summary>
    /// The end of an error message: <c>Did you mean 'Age'? Known names: Age, sex, site.</c> At most <paramref name="limit"/> known names
    /// are listed.
    /// </summary>
    public static string Hint(string unknown, IEnumerable<string> known, int limit = 12)
    {
        ArgumentNullException.ThrowIfNull(unknown);
        var names = known.Distinct(StringComparer.Ordinal).ToList();
        if (names.Count == 0)
            return "There are no names to choose from.";

        var near = names
            .Select(name => (name, distance: Distance(unknown.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(pair => pair.distance <= Math.Max(1, unknown.Length / 3))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.name, StringComparer.Ordinal)
            .Take(3)
            .Select(pair => $"'{pair.name}'")
            .ToList();
        var listed = string.Join(", ", names.Take(limit)) + (names.Count > limit ? $", … ({names.Count} in all)" : "");
        return (near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}? " : "") + $"Known names: {listed}.";
    }

    /// <summary>The Levenshtein distance: single-character insertions, deletions and substitutions (Wagner and Fischer 1974).</summary>
    private static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        foreach (var ch in a)
        {
            var diagonal = previous[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (b[j - 1] == ch ? 0 : 1);
                diagonal = previous[j];
                previous[j] = Math.Min(substituted, Math.Min(previous[j], previous[j - 1]) + 1);
            }
        }
        return previous[^1];
    }
}
