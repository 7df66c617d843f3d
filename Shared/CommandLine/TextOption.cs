using System.CommandLine;
using System.CommandLine.Parsing;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.CommandLine;

/// <summary>
/// Creates options whose value is a string: a file, a name, a time. An empty value, such as an unset shell variable gives, is refused.
/// </summary>
public static class TextOption
{
    /// <summary>The placeholder of a file in help.</summary>
    public const string File = "FILE";

    /// <summary>The placeholder of a folder in help.</summary>
    public const string Folder = "FOLDER";

    /// <summary>The placeholder of a name in help.</summary>
    public const string Name = "NAME";

    /// <summary>An optional option, null if absent.</summary>
    /// <param name="name">The option.</param>
    /// <param name="placeholder">The placeholder of the value in help.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="check">Throws <see cref="UsageException"/> for an invalid value; null: every non-empty string is valid.</param>
    /// <param name="aliases">Other spellings of the name.</param>
    public static Option<string?> Optional(
        string name,
        string placeholder,
        string description,
        Action<string>? check = null,
        params string[] aliases
    ) => Checked(new Option<string?>(name, aliases) { Description = description, HelpName = placeholder }, check);

    /// <summary>A required option.</summary>
    /// <param name="name">The option.</param>
    /// <param name="placeholder">The placeholder of the value in help.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="check">Throws <see cref="UsageException"/> for an invalid value; null: every non-empty string is valid.</param>
    /// <param name="aliases">Other spellings of the name.</param>
    public static Option<string> Required(
        string name,
        string placeholder,
        string description,
        Action<string>? check = null,
        params string[] aliases
    ) =>
        Checked(
            new Option<string>(name, aliases)
            {
                Description = description,
                HelpName = placeholder,
                Required = true,
            },
            check
        );

    /// <summary>An option that may be repeated.</summary>
    /// <param name="name">The option.</param>
    /// <param name="placeholder">The placeholder of the value in help.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="check">Throws <see cref="UsageException"/> for an invalid value; null: every non-empty string is valid.</param>
    public static Option<string[]> Repeated(string name, string placeholder, string description, Action<string>? check = null) =>
        Checked(
            new Option<string[]>(name)
            {
                Description = description,
                HelpName = placeholder,
                DefaultValueFactory = _ => [],
            },
            check
        );

    /// <summary>An option that may be repeated and whose values may be empty.</summary>
    /// <param name="name">The option.</param>
    /// <param name="placeholder">The placeholder of the value in help.</param>
    /// <param name="description">What it is for.</param>
    public static Option<string[]> RepeatedOrEmpty(string name, string placeholder, string description) =>
        new(name)
        {
            Description = description,
            HelpName = placeholder,
            DefaultValueFactory = _ => [],
        };

    /// <summary>Adds the check of values to an option.</summary>
    public static TOption Checked<TOption>(TOption option, Action<string>? check)
        where TOption : Option
    {
        ArgumentNullException.ThrowIfNull(option);
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                Check(result, option.Name, $"; {option.HelpName} was expected", token.Value, check);
        });
        return option;
    }

    /// <summary>A positional argument: <c>FILE</c>.</summary>
    /// <param name="placeholder">The placeholder of the value in help.</param>
    /// <param name="description">What it is for.</param>
    public static Argument<string> Argument(string placeholder, string description)
    {
        var argument = new Argument<string>(placeholder) { Description = description };
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                Check(result, placeholder, "", token.Value, check: null);
        });
        return argument;
    }

    private static void Check(SymbolResult result, string name, string expected, string value, Action<string>? check)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            result.AddError($"{name} is empty{expected}.");
            return;
        }
        try
        {
            check?.Invoke(value);
        }
        catch (HpcFitException refusal)
        {
            result.AddError(refusal.Message);
        }
    }
}
