using System.CommandLine;

namespace HpcFit.Coordinator.Help;

/// <summary>The help of one verb: its first screen, or all of its options in groups.</summary>
/// <param name="command">The verb.</param>
/// <param name="program">The program as the user typed it.</param>
/// <param name="examples">Examples for the end of the complete page.</param>
internal sealed class HelpPage(Command command, string program, IReadOnlyList<string> examples)
{
    /// <summary>The width of a page that is not shown on a terminal.</summary>
    public const int DefaultWidth = 80;

    /// <summary>A verb with fewer options has no headings.</summary>
    private const int FewOptions = 10;

    private const int NameWidth = 26;

    /// <summary>The first screen: the most used options where there are many.</summary>
    public IEnumerable<string> First(int width) =>
        ShortPage.ByVerb.TryGetValue(command.Name, out var page) ? Short(page, width) : Complete(width);

    /// <summary>Everything.</summary>
    public IEnumerable<string> Complete(int width)
    {
        var groups = OptionGroups.List(command).ToList();
        var isShort = groups.Sum(group => group.Options.Count) < FewOptions;
        return
        [
            .. Wrapped.Lines(command.Description ?? "", width, 0),
            "",
            Usage,
            "",
            .. Arguments(width),
            .. isShort
                ? Section("Options", [.. groups.SelectMany(group => group.Options)], width)
                : groups.SelectMany(group => Section(group.Title, group.Options, width)),
            .. examples.Count > 0 ? (string[])["Examples:", .. examples.Select(example => "  " + example), ""] : [],
        ];
    }

    private string Usage => $"Usage: {program} {command.Name}{string.Concat(command.Arguments.Select(Argument))} [options]";

    private static string Argument(Argument argument) =>
        argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}]" : $" {argument.Name}";

    private IEnumerable<string> Short(ShortPage page, int width) =>
        [
            .. Wrapped.Lines(command.Description ?? "", width, 0),
            "",
            Usage,
            "",
            .. page.Options.Select(option => $"  {$"{option.Name} {option.Value}", -24} {option.Text}"),
            "",
            .. page.Example.Select(line => "  " + line),
            $"All options, in groups: {program} {command.Name} --help-all",
        ];

    private IEnumerable<string> Arguments(int width) =>
        command.Arguments.Count == 0
            ? []
            : ["Arguments:", .. command.Arguments.SelectMany(argument => Entry(argument.Name, argument.Description ?? "", width)), ""];

    private static IEnumerable<string> Section(string title, IReadOnlyList<Option> options, int width) =>
        options.Count == 0
            ? []
            : [$"{title}:", .. options.SelectMany(option => Entry(OptionText.Usage(option), OptionText.Description(option), width)), ""];

    private static IEnumerable<string> Entry(string name, string text, int width)
    {
        var lines = Wrapped.Lines(text, width, NameWidth + 2);
        return name.Length < NameWidth
            ? [$"  {name.PadRight(NameWidth)}{lines[0].TrimStart()}", .. lines.Skip(1)]
            : [$"  {name}", .. lines];
    }
}
