using System.CommandLine;
using System.CommandLine.Parsing;

namespace HpcFit.Shared.CommandLine;

/// <summary>Creates options whose value is a whole number within bounds.</summary>
public static class CountOption
{
    private const string Placeholder = "N";

    /// <summary>An option with a default.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for; help adds the default.</param>
    /// <param name="defaultValue">The default.</param>
    /// <param name="min">The minimum.</param>
    /// <param name="max">The maximum.</param>
    public static Option<int> Create(string name, string description, int defaultValue, int min = 1, int max = int.MaxValue) =>
        new(name)
        {
            Description = description,
            HelpName = Placeholder,
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result => (int)Read(result, name, min, max),
        };

    /// <summary>An optional option, null if absent.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="min">The minimum.</param>
    /// <param name="max">The maximum.</param>
    /// <param name="note">A sentence appended to the error message.</param>
    public static Option<long?> Optional(string name, string description, long min = 1, long max = long.MaxValue, string note = "") =>
        new(name)
        {
            Description = description,
            HelpName = Placeholder,
            CustomParser = result => Read(result, name, min, max, note),
        };

    /// <summary>A required option.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="note">A sentence appended to the error message.</param>
    /// <param name="min">The minimum.</param>
    /// <param name="max">The maximum.</param>
    public static Option<long> Required(string name, string description, string note = "", long min = 1, long max = long.MaxValue) =>
        new(name)
        {
            Description = description,
            HelpName = Placeholder,
            Required = true,
            CustomParser = result => Read(result, name, min, max, note),
        };

    private static long Read(ArgumentResult result, string name, long min, long max, string note = "")
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (TypedNumber.Whole(text) is { } value && value >= min && value <= max)
            return value;
        var bounds = max is int.MaxValue or long.MaxValue ? $"of {min} or more" : $"from {min} to {max}";
        result.AddError(
            TooLarge(text, max) is { } large
                ? $"{name} is {large}"
                : $"{name} is '{text}'; a whole number {bounds} was "
                    + $"expected.{TypedNumber.Advice(text)}{(note.Length > 0 ? $" {note}" : "")}"
        );
        return min;
    }

    private static string? TooLarge(string text, long max) =>
        text.Length > 0 && text.All(char.IsAsciiDigit) && (TypedNumber.Whole(text) is not { } value || value > max)
            ? $"'{text}'; at most {max} was expected."
            : null;
}
