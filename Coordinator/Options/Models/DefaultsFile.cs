using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.Json;
using HpcFit.Coordinator.Help;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>
/// Defaults of a site and of a user: JSON files with options that do not affect results. The command line and its spec file take
/// precedence, then the user's file, then the site's.
/// </summary>
/// <param name="Path">The file.</param>
internal sealed record DefaultsFile(string Path)
{
    /// <summary>Another path of the site's file, for installations outside of <c>/etc</c>.</summary>
    private const string SiteVariable = "HPCFIT_SITE_CONFIG";

    private const string Site = "/etc/hpcfit/config.json";

    /// <summary>Options that may have a default here: how and where something is done, not what.</summary>
    private static readonly string[] Allowed =
    [
        "--scheduler",
        "--scheduler-spec",
        "--submit-option",
        "--partition",
        "--account",
        "--qos",
        "--mem",
        "--time",
        "--cpus-per-task",
        "--module",
        "--sbatch-option",
        "--sbatch-template",
        "--array-throttle",
        "--watch-every",
        "--workers",
        "--threads",
        "--scratch",
        "--target-time",
        "--retries",
        "--max-rounds",
        "--log-level",
        "--spool-dir",
        "--max-journal",
        "--metadata-timeout",
    ];

    /// <summary>Verbs that continue a run, which has its own settings, or that only look at something.</summary>
    private static readonly string[] Without = ["resume", "advance", "merge", "status", "cancel", "recover"];

    /// <summary>Variables by which sbatch is given the same default; a value in the user's shell takes precedence.</summary>
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["--partition"] = "SBATCH_PARTITION",
        ["--account"] = "SBATCH_ACCOUNT",
        ["--qos"] = "SBATCH_QOS",
        ["--time"] = "SBATCH_TIMELIMIT",
    };

    private static readonly string[] Divisions = ["--jobs", "--elements-per-job", "--target-time"];

    /// <summary>The user's file, then the site's; not all of them exist.</summary>
    public static IReadOnlyList<DefaultsFile> All()
    {
        var own = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is ['/', ..] folder ? folder : InHome();
        var site = Environment.GetEnvironmentVariable(SiteVariable) is { Length: > 0 } other ? other : Site;
        return [.. own is null ? [] : (DefaultsFile[])[new(System.IO.Path.Combine(own, "hpcfit", "config.json"))], new(site)];
    }

    private static string? InHome() =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
            ? System.IO.Path.Combine(home, ".config")
            : null;

    /// <summary>The command line with this file's values of options that it does not contain.</summary>
    /// <param name="root">The program.</param>
    /// <param name="args">The command line.</param>
    /// <exception cref="BadInputException">The file cannot be read, or has a key that may not have a default.</exception>
    public IReadOnlyList<string> Expand(RootCommand root, IReadOnlyList<string> args)
    {
        var line = root.Parse(args, CommandLineProgram.Parsing);
        var command = line.CommandResult.Command;
        // Help is shown whatever a file contains.
        if (line.Action != command.Action && line.Action is not ParseErrorAction)
            return args;
        if (command is RootCommand || Without.Contains(command.Name) || line.UnmatchedTokens.Count > 0 || !File.Exists(Path))
            return args;
        using var document = SpecFile.Parse(Path);
        var keys = document
            .RootElement.EnumerateObject()
            .Select(key => (Key: new SpecFile.SpecKey("", key), Name: OptionOf(root, key)))
            .ToList();
        if (keys.GroupBy(pair => pair.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new BadInputException($"'{Path}' gives {twice.Key} more than once. Keep one.");
        return
        [
            .. args,
            .. keys.Where(pair => IsMissing(line, pair.Name))
                .SelectMany(pair =>
                    SpecFile.Checked(root, command, Path, pair.Key, command.Options.Single(option => option.Name == pair.Name))
                ),
        ];
    }

    /// <summary>Whether the command has the option, and neither it nor one that contradicts it was given.</summary>
    private static bool IsMissing(ParseResult line, string name)
    {
        bool IsGiven(string other) =>
            line.CommandResult.Command.Options.FirstOrDefault(option => option.Name == other) is { } option
            && line.GetResult(option) is { Implicit: false };
        return line.CommandResult.Command.Options.Any(option => option.Name == name)
            && !IsGiven(name)
            && !(Divisions.Contains(name) && Divisions.Any(IsGiven))
            && !(name == "--scratch" && IsGiven("--run-dir"))
            && !(name == "--scheduler" && IsGiven("--scheduler-spec"))
            && !(name == "--scheduler-spec" && IsGiven("--scheduler"))
            && !(Variables.TryGetValue(name, out var variable) && Environment.GetEnvironmentVariable(variable) is { Length: > 0 });
    }

    private string OptionOf(RootCommand root, JsonProperty key)
    {
        var plain = ForeignNames.Plain(key.Name) is "modules" ? "module" : ForeignNames.Plain(key.Name);
        if (Allowed.FirstOrDefault(name => ForeignNames.Plain(name) == plain) is { } allowed)
            return allowed;
        var names = Allowed.Select(name => name[2..]).ToList();
        throw new BadInputException(
            root.Subcommands.SelectMany(verb => verb.Options).FirstOrDefault(option => ForeignNames.Plain(option.Name) == plain)
                is { } option
                ? $"'{key.Name}' in '{Path}' cannot have a default: {Reason(option)}. Give {option.Name} on the command line or in a "
                    + "spec file."
                : $"'{key.Name}' in '{Path}' is not an option. "
                    + (ForeignNames.Answer(key.Name, names) ?? NearestNames.Hint(key.Name, names, names.Count))
        );
    }

    private static string Reason(Option option) =>
        OptionGroups.Find(option)
            is OptionGroup.Data
                or OptionGroup.Model
                or OptionGroup.Linear
                or OptionGroup.Gam
                or OptionGroup.Custom
                or OptionGroup.Storage
            ? "it is part of what a run computes, which a run's digest stands for"
            : "it belongs to one command";
}
