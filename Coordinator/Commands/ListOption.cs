using System.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// Options whose value is a list with commas: <c>none</c> or an empty value means none of them, absence means the default.
/// </summary>
internal static class ListOption
{
    /// <summary>What stands for the value in help.</summary>
    public const string Placeholder = "LIST";

    /// <summary>An option that is given once.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="check">Throws <see cref="UsageException"/> when the items cannot be; null: any can.</param>
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

    /// <summary>Null when the option is absent.</summary>
    public static IReadOnlyList<string>? Parse(string? text) =>
        text switch
        {
            null => null,
            _ when text.Trim() is "" or "none" => [],
            _ => [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
        };
}
