using System.CommandLine;

namespace HpcFit.Coordinator.Commands;

/// <summary>Options whose value is a list with commas: <c>none</c> or an empty value means none of them, absence means the default.</summary>
internal static class ListOption
{
    /// <summary>An option that is given once.</summary>
    public static Option<string?> Create(string name, string description) => new(name) { Description = description };

    /// <summary>Null when the option is absent.</summary>
    public static IReadOnlyList<string>? Parse(string? text) => text switch
    {
        null => null,
        _ when text.Trim() is "" or "none" => [],
        _ => [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
    };
}
