using System.CommandLine;
using HpcFit.Shared.CommandLine;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// Options of the verbs about images. ModelArrayIO spells its options with hyphens or with underscores, and so can its users here.
/// </summary>
internal static class ImageOptions
{
    private const int MaxThreads = 1024;

    /// <summary>A text that need not be given.</summary>
    public static Option<string?> Text(string name, string placeholder, string description, params string[] aliases) =>
        TextOption.Optional(name, placeholder, description, check: null, Spellings(name, aliases));

    /// <summary>A text that must be given.</summary>
    public static Option<string> Required(string name, string placeholder, string description, params string[] aliases) =>
        TextOption.Required(name, placeholder, description, check: null, Spellings(name, aliases));

    /// <summary>Where relative paths begin.</summary>
    public static Option<string?> RelativeRoot() =>
        Text(
            "--relative-root",
            TextOption.Folder,
            "the folder at which relative paths in the cohort begin (default: the current " + "folder)"
        );

    /// <summary>How many threads.</summary>
    public static Option<long?> Threads() => CountOption.Optional("--threads", "threads (default: all cores)", max: MaxThreads);

    /// <summary>The threads that were asked for, or one a core.</summary>
    public static int Threads(ParseResult line, Option<long?> option) => (int)(line.GetValue(option) ?? Environment.ProcessorCount);

    /// <summary>An option with its other spellings.</summary>
    public static Option<int> Spelt(Option<int> option)
    {
        foreach (var spelling in Spellings(option.Name))
            option.Aliases.Add(spelling);
        return option;
    }

    /// <summary>Every other spelling of an option: its aliases, and all with underscores.</summary>
    public static string[] Spellings(string name, params string[] aliases) =>
        [
            .. ((string[])[name, .. aliases])
                .SelectMany(one => (string[])[one, "--" + one[2..].Replace('-', '_')])
                .Distinct()
                .Where(one => one != name),
        ];
}
