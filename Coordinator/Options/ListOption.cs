using System.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Options;

/// <summary>
/// Options whose value is a comma-separated list: <c>none</c> or an empty value is an empty list, absence means the default.
/// </summary>
internal static class ListOption
{
    /// <summary>The placeholder for the value in help.</summary>
    public const string Placeholder = "LIST";

    /// <summary>Creates an option that can be given once.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">Its description.</param>
    /// <param name="check">Throws <see cref="UsageException"/> if the items are invalid; null: all items are valid.</param>
    public static Option<string?> Create(string name, string description, Action<IReadOnlyList<string>>? check = null)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = Placeholder };
        option.Validators.Add(result =>
        {
            try
            {
                if (check is not null && result.Tokens is [var token])
                    check(Parse(token.Value)!);
            }
            catch (UsageException refusal)
            {
                result.AddError(refusal.Message);
            }
        });
        return option;
    }

    /// <summary>The items; null if the option is absent.</summary>
    public static IReadOnlyList<string>? Parse(string? text) =>
        text switch
        {
            null => null,
            _ when text.Trim() is "" or "none" => [],
            _ => [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
        };
}
