using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>Where each option of a command line came from: what was typed, the spec file, the files of defaults.</summary>
internal sealed class OptionSources
{
    private readonly List<(string Source, List<string> Options)> _bySource = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Notes the options that a source added to the command line.</summary>
    /// <param name="root">The program.</param>
    /// <param name="args">The command line with the source's options.</param>
    /// <param name="source">The source.</param>
    public void Add(RootCommand root, IReadOnlyList<string> args, string source)
    {
        var line = root.Parse(args, CommandLineProgram.Parsing);
        var added = line
            .CommandResult.Command.Options.Where(option => line.GetResult(option) is { Implicit: false } && _known.Add(option.Name))
            .Select(option => Written(line, option))
            .ToList();
        if (added.Count > 0)
            _bySource.Add((source, added));
    }

    /// <summary>One line per source, for the plan.</summary>
    public IEnumerable<string> Lines() => _bySource.Select(pair => $"options    {string.Join(' ', pair.Options)}     ({pair.Source})");

    private static string Written(ParseResult line, Option option) =>
        line.GetResult(option)!.Tokens is { Count: > 0 } tokens
            ? string.Join(' ', tokens.Select(token => $"{option.Name} {TypedCommand.Quoted(token.Value)}"))
            : option.Name;
}
