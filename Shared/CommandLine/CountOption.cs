using System.CommandLine;
using System.CommandLine.Parsing;

namespace HpcFit.Shared.CommandLine;

/// <summary>Options whose value is a whole number within bounds.</summary>
public static class CountOption
{
    private const string Placeholder = "N";

    /// <summary>An option with a default.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for; help adds the default.</param>
    /// <param name="otherwise">The default.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The greatest value.</param>
    public static Option<int> Create(string name, string description, int otherwise, int least = 1, int most = int.MaxValue) =>
        new(name)
        {
            Description = description,
            HelpName = Placeholder,
            DefaultValueFactory = _ => otherwise,
            CustomParser = result => (int)Read(result, name, least, most),
        };

    /// <summary>An option that may be left out; other spellings of it may follow.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The greatest value.</param>
    public static Option<long?> Optional(string name, string description, long least = 1, long most = long.MaxValue) =>
        new(name)
        {
            Description = description,
            HelpName = Placeholder,
            CustomParser = result => Read(result, name, least, most),
        };

    /// <summary>An option that must be given.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="note">What a refusal adds, as a sentence.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The greatest value.</param>
    public static Option<long> Required(string name, string description, string note = "", long least = 1, long most = long.MaxValue) =>
        new(name)
        {
            Description = description,
            HelpName = Placeholder,
            Required = true,
            CustomParser = result => Read(result, name, least, most, note),
        };

    private static long Read(ArgumentResult result, string name, long least, long most, string note = "")
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (TypedNumber.Whole(text) is { } value && value >= least && value <= most)
            return value;
        var bounds = most is int.MaxValue or long.MaxValue ? $"of {least} or more" : $"from {least} to {most}";
        result.AddError(
            TooLarge(text, most) is { } large
                ? $"{name} is {large}"
                : $"{name} is '{text}'; a whole number {bounds} was "
                    + $"expected.{TypedNumber.Advice(text)}{(note.Length > 0 ? $" {note}" : "")}"
        );
        return least;
    }

    private static string? TooLarge(string text, long most) =>
        text.Length > 0 && text.All(char.IsAsciiDigit) && (TypedNumber.Whole(text) is not { } value || value > most)
            ? $"'{text}'; at most {most} was expected."
            : null;
}
