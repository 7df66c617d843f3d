using System.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.CommandLine;

/// <summary>Creates options whose value is one of a few words.</summary>
public static class ChoiceOption
{
    /// <summary>An optional option, null if absent.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="choices">The allowed words.</param>
    public static Option<string?> Optional(string name, string description, params string[] choices) =>
        new(name)
        {
            Description = description,
            HelpName = string.Join('|', choices),
            CustomParser = result => Read(name, result, choices),
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
            CustomParser = result => Read(name, result, choices),
        };

    private static string Read(string name, System.CommandLine.Parsing.ArgumentResult result, string[] choices)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (!choices.Contains(text, StringComparer.Ordinal))
            result.AddError($"{name} is '{text}'. {NearestNames.Hint(text, choices)}");
        return text;
    }
}
