using System.CommandLine;

namespace HpcFit.Shared.CommandLine;

/// <summary>Creates Boolean options. <c>true</c> or <c>false</c> may follow, as in a spec.</summary>
public static class SwitchOption
{
    /// <summary>A Boolean option, false if absent.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it does.</param>
    /// <param name="aliases">Other spellings of the name.</param>
    public static Option<bool> Create(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description };

    /// <summary>
    /// The error for the first word of a command line that gives a switch a value other than true or false; null: none.
    /// </summary>
    /// <param name="words">The command line.</param>
    /// <param name="options">Its options.</param>
    internal static (string Value, string Sentence)? Misused(IEnumerable<string> words, IEnumerable<Option> options)
    {
        var switches = options
            .Where(option => option.ValueType == typeof(bool))
            .SelectMany(option => option.Aliases.Append(option.Name))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var word in words)
        {
            var at = word.IndexOf('=', StringComparison.Ordinal);
            if (at < 0 || !switches.Contains(word[..at]) || bool.TryParse(word[(at + 1)..], out _))
                continue;
            return (word[(at + 1)..], $"{word[..at]} is '{word[(at + 1)..]}'; it takes no value, or true or false.");
        }
        return null;
    }
}
