using System.CommandLine;

namespace HpcFit.Shared.CommandLine;

/// <summary>Creates options whose value is a finite number.</summary>
public static class NumberOption
{
    /// <summary>An option with a default.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="defaultValue">The default.</param>
    /// <param name="isAllowed">Whether a value is allowed.</param>
    /// <param name="expected">The allowed values in words, such as <c>a number above 0</c>.</param>
    /// <param name="aliases">Other spellings of the name.</param>
    public static Option<double> Create(
        string name,
        string description,
        double defaultValue,
        Func<double, bool> isAllowed,
        string expected,
        params string[] aliases
    ) =>
        new(name, aliases)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result =>
            {
                var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
                if (TypedNumber.Real(text) is { } value && isAllowed(value))
                    return value;
                result.AddError($"{name} is '{text}'; {expected} was expected.{TypedNumber.Advice(text)}");
                return defaultValue;
            },
        };

    /// <summary>An optional option, null if absent; every finite number is allowed.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    public static Option<double?> Optional(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
                if (TypedNumber.Real(text) is { } value)
                    return value;
                result.AddError($"{name} is '{text}'; a number was expected.{TypedNumber.Advice(text)}");
                return null;
            },
        };
}
