using System.CommandLine;
using HpcFit.Shared.CommandLine;

namespace HpcFit.Coordinator.Options.Images;

/// <summary>
/// Options of the verbs for images. As in ModelArrayIO, they may be spelled with hyphens or underscores.
/// </summary>
internal static class ImageOptions
{
    private const int MaxThreads = 1024;

    /// <summary>Creates an optional text option.</summary>
    public static Option<string?> Text(string name, string placeholder, string description, params string[] aliases) =>
        TextOption.Optional(name, placeholder, description, check: null, Spellings(name, aliases));

    /// <summary>Creates a required text option.</summary>
    public static Option<string> Required(string name, string placeholder, string description, params string[] aliases) =>
        TextOption.Required(name, placeholder, description, check: null, Spellings(name, aliases));

    /// <summary>The folder against which relative paths are resolved.</summary>
    public static Option<string?> RelativeRoot() =>
        Text(
            "--relative-root",
            TextOption.Folder,
            "the folder against which relative paths in the cohort are resolved (default: the current folder)"
        );

    /// <summary>The number of threads.</summary>
    public static Option<long?> Threads() => CountOption.Optional("--threads", "number of threads (default: all cores)", max: MaxThreads);

    /// <summary>The requested number of threads; by default, one per core.</summary>
    public static int Threads(ParseResult line, Option<long?> option) => (int)(line.GetValue(option) ?? Environment.ProcessorCount);

    /// <summary>Adds the other spellings to an option.</summary>
    public static Option<int> AddSpellings(Option<int> option)
    {
        foreach (var spelling in Spellings(option.Name))
            option.Aliases.Add(spelling);
        return option;
    }

    /// <summary>All other spellings of an option: its aliases, and all names with underscores.</summary>
    public static string[] Spellings(string name, params string[] aliases) =>
        [
            .. ((string[])[name, .. aliases])
                .SelectMany(one => (string[])[one, "--" + one[2..].Replace('-', '_')])
                .Distinct()
                .Where(one => one != name),
        ];
}
