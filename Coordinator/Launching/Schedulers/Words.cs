using System.Text.RegularExpressions;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>Words of a command line with placeholders, <c>{name}</c>. Each stays one word, whatever its values contain.</summary>
internal static partial class Words
{
    /// <summary>The words with values for their placeholders, which are replaced once.</summary>
    /// <param name="words">The words.</param>
    /// <param name="values">The values by the names of their placeholders.</param>
    public static IEnumerable<string> Fill(IEnumerable<string> words, params (string Name, string Value)[] values) =>
        words.Select(word => Fill(word, values));

    /// <summary>One word.</summary>
    public static string Fill(string word, params (string Name, string Value)[] values) =>
        Place().Replace(word, place => values.FirstOrDefault(value => value.Name == place.Groups[1].Value).Value ?? place.Value);

    /// <summary>The first placeholder with an unknown name; null: none.</summary>
    public static string? Unknown(IEnumerable<string> words, IEnumerable<string> known) =>
        words
            .SelectMany(word => Place().Matches(word).Select(place => place.Groups[1].Value))
            .FirstOrDefault(name => !known.Contains(name));

    [GeneratedRegex(@"\{([A-Za-z]+)\}")]
    private static partial Regex Place();
}
