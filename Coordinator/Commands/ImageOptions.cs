using System.CommandLine;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// Options of the verbs about images. ModelArrayIO spells its options with hyphens or with underscores, and so can its users here.
/// </summary>
internal static class ImageOptions
{
    /// <summary>A text that need not be given.</summary>
    public static Option<string?> Text(string name, string description, params string[] aliases) =>
        new(name, Spellings(name, aliases)) { Description = description };

    /// <summary>A text that must be given.</summary>
    public static Option<string> Required(string name, string description, params string[] aliases) =>
        new(name, Spellings(name, aliases)) { Description = description, Required = true };

    /// <summary>Where relative paths begin.</summary>
    public static Option<string?> RelativeRoot() => Text("--relative-root", "the folder at which relative paths in the cohort begin (default: the current "
        + "folder)");

    /// <summary>How many threads.</summary>
    public static Option<int> Threads()
    {
        var option = new Option<int>("--threads") { Description = "threads (default: all cores)", DefaultValueFactory = _ => Environment.ProcessorCount };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError($"--threads is {result.GetValueOrDefault<int>()}; a number of 1 or more was expected.");
        });
        return option;
    }

    /// <summary>Every other spelling of an option: its aliases, and all with underscores.</summary>
    public static string[] Spellings(string name, params string[] aliases) =>
        [.. ((string[])[name, .. aliases]).SelectMany(one => (string[])[one, "--" + one[2..].Replace('-', '_')]).Distinct().Where(one => one != name)];
}
