using System.CommandLine;

namespace HpcFit.Coordinator.Help;

/// <summary>What a shell can complete for a value.</summary>
/// <param name="Words">The allowed words; empty: files, folders or nothing.</param>
/// <param name="IsFile">Whether it is a file, or may be one.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
internal sealed record ValueKind(IReadOnlyList<string> Words, bool IsFile, bool IsFolder)
{
    /// <summary>The kind of an option's value.</summary>
    public static ValueKind From(Option option) => From(OptionText.Value(option));

    /// <summary>The kind of an argument.</summary>
    public static ValueKind From(Argument argument) => From(argument.HelpName ?? argument.Name);

    private static ValueKind From(string placeholder) =>
        placeholder.Contains('|', StringComparison.Ordinal)
            ? new(placeholder.Split('|'), false, false)
            : new([], placeholder is "FILE" or "NEW" or "OLD", placeholder is "FOLDER" or "RUN" or "DIR" or "PATH");
}
