using System.CommandLine;
using System.Globalization;
using System.Text;

namespace HpcFit.Coordinator.Help;

/// <summary>Manual pages (section 1) in the macros of man(7): one for the program and one for each verb.</summary>
internal static class ManualPage
{
    /// <summary>The page of the program, which lists the verbs.</summary>
    /// <param name="description">What the program is.</param>
    /// <param name="verbs">The verbs.</param>
    /// <param name="version">The program's version.</param>
    public static string OfProgram(string description, IReadOnlyList<Command> verbs, string version)
    {
        var page = Begin("hpcfit", description, version);
        page.Append(".SH SYNOPSIS\n.B hpcfit\n.I command\n.RI [ options ]\n.SH COMMANDS\n");
        foreach (var verb in verbs)
            page.Append($".TP\n.BR hpcfit\\-{Text(verb.Name)} (1)\n{Line(verb.Description ?? "")}\n");
        page.Append(".SH \"EXIT STATUS\"\n");
        foreach (var (code, meaning) in ExitMeanings)
            page.Append($".TP\n.B {code}\n{Line(meaning)}\n");
        return page.ToString();
    }

    /// <summary>The page of a verb.</summary>
    public static string OfVerb(Command verb, IReadOnlyList<string> examples, string version)
    {
        var page = Begin($"hpcfit-{verb.Name}", verb.Description ?? "", version);
        page.Append($".SH SYNOPSIS\n.B hpcfit {Text(verb.Name)}\n");
        foreach (var argument in verb.Arguments)
            page.Append(argument.Arity.MinimumNumberOfValues == 0 ? $".RI [ {Text(argument.Name)} ]\n" : $".I {Text(argument.Name)}\n");
        page.Append(".RI [ options ]\n");
        if (verb.Arguments.Count > 0)
            page.Append(".SH ARGUMENTS\n");
        foreach (var argument in verb.Arguments)
            page.Append($".TP\n.I {Text(argument.Name)}\n{Line(argument.Description ?? "")}\n");
        page.Append(".SH OPTIONS\n");
        foreach (var (title, options) in OptionGroups.List(verb))
        {
            page.Append($".SS \"{Text(title)}\"\n");
            foreach (var option in options)
                page.Append($".TP\n{Tag(option)}\n{Line(OptionText.Description(option))}\n");
        }
        if (examples.Count > 0)
            page.Append($".SH EXAMPLES\n.nf\n{string.Concat(examples.Select(example => Line(example) + "\n"))}.fi\n");
        return page.Append(".SH \"SEE ALSO\"\n.BR hpcfit (1)\n").ToString();
    }

    private static readonly (int Code, string Meaning)[] ExitMeanings =
    [
        (0, "Everything requested was done."),
        (1, "A bug or an unexpected exception; the log contains its stack trace."),
        (2, "The command line is wrong."),
        (3, "A file, name, formula or value that was given cannot be used."),
        (4, "The run has elements without a result. It can be resumed."),
        (5, "The scheduler refused or did not answer."),
        (6, "Stopped by a signal; finished blocks are kept."),
        (7, "Another process holds what is needed."),
        (8, "The file system refused: a full disk, a permission, a broken device."),
        (9, "Stored values cannot be read, or the user's function failed."),
        (10, "An allocation failed."),
    ];

    private static StringBuilder Begin(string name, string description, string version)
    {
        var date = Date(Environment.GetEnvironmentVariable).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new StringBuilder()
            .Append($".TH {Text(name.ToUpperInvariant())} 1 {date} \"hpcfit {Text(version)}\" \"HpcFit\"\n.ad l\n")
            .Append($".SH NAME\n{Text(name)} \\- {Text(description)}\n");
    }

    /// <summary>Today, or the time that packagers set so that equal sources give equal files (reproducible-builds.org).</summary>
    private static DateTimeOffset Date(Func<string, string?> environment) =>
        long.TryParse(environment("SOURCE_DATE_EPOCH"), CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.UtcNow;

    /// <summary>The names in bold, the value in italics.</summary>
    private static string Tag(Option option)
    {
        var names = string.Join(", ", OptionText.Names(option).Select(name => $"\\fB{Text(name)}\\fR"));
        return OptionText.Value(option) is { Length: > 0 } value ? $"{names} \\fI{Text(value)}\\fR" : names;
    }

    /// <summary>A line of text: a dot or an apostrophe at its start would be a request.</summary>
    private static string Line(string text) => text is ['.' or '\'', ..] ? $"\\&{Text(text)}" : Text(text);

    /// <summary>Text without characters that are escapes; hyphens are those of option names, which can be searched and pasted.</summary>
    private static string Text(string text) =>
        string.Concat(
            text.Select(ch =>
                ch switch
                {
                    '\\' => "\\e",
                    '-' => "\\-",
                    '\'' => "\\(aq",
                    '~' => "\\(ti",
                    '^' => "\\(ha",
                    '`' => "\\(ga",
                    '"' => "\\(dq",
                    _ => ch.ToString(),
                }
            )
        );
}
