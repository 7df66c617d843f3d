using System.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.CommandLine;

/// <summary>Creates options whose value is one of a few words.</summary>
public static class ChoiceOption
{
    private static readonly Dictionary<string, string> NoSpellings = [];

    /// <summary>An optional option, null if absent.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="choices">The allowed words.</param>
    public static Option<string?> Optional(string name, string description, params string[] choices) =>
        Optional(name, description, NoSpellings, choices);

    /// <summary>The same with other spellings of some words, which help and messages do not name.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="spellings">The allowed word that another one means.</param>
    /// <param name="choices">The allowed words.</param>
    public static Option<string?> Optional(
        string name,
        string description,
        IReadOnlyDictionary<string, string> spellings,
        params string[] choices
    ) =>
        new(name)
        {
            Description = description,
            HelpName = string.Join('|', choices),
            CustomParser = result => Read(name, result, choices, spellings),
        };

    /// <summary>An option with a default.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="defaultValue">The default.</param>
    /// <param name="choices">The allowed words.</param>
    public static Option<string> Create(string name, string description, string defaultValue, params string[] choices) =>
        new(name)
        {
            Description = description,
            HelpName = string.Join('|', choices),
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result => Read(name, result, choices, NoSpellings),
        };

    private static string Read(
        string name,
        System.CommandLine.Parsing.ArgumentResult result,
        string[] choices,
        IReadOnlyDictionary<string, string> spellings
    )
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        text = spellings.GetValueOrDefault(text, text);
        if (!choices.Contains(text, StringComparer.Ordinal))
            result.AddError($"{name} is '{text}'. {NearestNames.Hint(text, choices)}");
        return text;
    }
}
