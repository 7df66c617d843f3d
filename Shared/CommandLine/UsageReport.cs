using System.CommandLine;
using System.CommandLine.Parsing;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.CommandLine;

/// <summary>
/// The errors in a command line, one sentence each, and how to get help. The library itself prints 160 lines of help below the error.
/// </summary>
internal static class UsageReport
{
    private const string Formula = "--formula";

    /// <summary>The errors, one sentence each.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="words">Its words as they were typed.</param>
    public static IReadOnlyList<string> Sentences(ParseResult line, IReadOnlyList<string> words)
    {
        var command = line.CommandResult.Command;
        if (command == line.RootCommandResult.Command && command.Subcommands.Count > 0)
            return [CommandMissing(line, command)];
        if (words is [['-', ..], ..])
            return [$"'{words[0]}' precedes the command. Options follow it: {Program(line)} {command.Name} {words[0]} …"];
        var unmatched = Unmatched(line, words, command).ToList();
        // A misspelt option is reported once, not also as a missing one.
        var missing =
            unmatched.Count > 0
                ? []
                : command
                    .Options.Where(option => option.Required && IsAbsent(line.GetResult(option)))
                    .Select(option => option.Name)
                    .ToList();
        var wrong = line.Errors.Select(error => Describe(error)).Where(text => text.Length > 0);
        return
        [
            .. missing.Count == 0 ? [] : (string[])[$"{Joined(missing)} {(missing.Count == 1 ? "is" : "are")} missing."],
            .. unmatched.Concat(wrong).Distinct(),
        ];
    }

    /// <summary>How to get help.</summary>
    public static string Pointer(ParseResult line) =>
        line.CommandResult.Command is RootCommand
            ? $"Help: {Program(line)} --help"
            : $"Help: {Program(line)} {line.CommandResult.Command.Name} --help";

    private static string Program(ParseResult line) =>
        line.RootCommandResult.Command.Name == TypedCommand.Name ? TypedCommand.Program : line.RootCommandResult.Command.Name;

    private static string CommandMissing(ParseResult line, Command root)
    {
        var commands = root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name).ToList();
        if (line.UnmatchedTokens.FirstOrDefault(word => !word.StartsWith('-')) is { } unknown)
            return $"'{unknown}' is not a command of {root.Name}. {NearestNames.Hint(unknown, commands, limit: 30)}";
        return line.UnmatchedTokens is [var option, ..]
            ? $"'{option}' precedes the command. Commands come first: {string.Join(", ", commands)}."
            : $"A command is missing: {string.Join(", ", commands)}.";
    }

    private static IEnumerable<string> Unmatched(ParseResult line, IReadOnlyList<string> words, Command command)
    {
        var misused = SwitchOption.Misused(words, command.Options);
        if (misused is { } wrong)
            yield return wrong.Sentence;
        var isValueOfUnknown = false;
        foreach (var word in line.UnmatchedTokens)
        {
            var isOption = word.StartsWith('-') && TypedNumber.Real(word) is null && word != "--";
            if (isOption)
                yield return UnknownOption(word.Split('=')[0], line, command);
            else if (!isValueOfUnknown && Argument(word, command) is { } answer)
            {
                yield return answer;
                isOption = !word.Contains('=', StringComparison.Ordinal);
            }
            else if (!isValueOfUnknown && word != misused?.Value)
                yield return Superfluous(word, words, command);
            isValueOfUnknown = isOption;
        }
    }

    private static string UnknownOption(string word, ParseResult line, Command command)
    {
        var known = Known(command);
        var hint = ForeignNames.Answer(word, known) ?? NearestNames.Hint(word, known);
        var others = line
            .RootCommandResult.Command.Subcommands.Where(other =>
                !other.Hidden && other.Options.Any(option => option.Name == word || option.Aliases.Contains(word))
            )
            .Select(other => $"'{other.Name}'")
            .ToList();
        var owner = others.Count > 0 && !hint.StartsWith("Did", StringComparison.Ordinal) ? $"It is one of {Joined(others)}. " : "";
        return $"'{word}' is not an option of '{FullName(line, command)}'. {owner}{hint}";
    }

    private static List<string> Known(Command command) =>
        [.. command.Options.Where(option => !option.Hidden).Select(option => option.Name)];

    /// <summary>
    /// The answer to a word that is written like an argument of R, <c>n_cores=4</c> or <c>n_cores 4</c>; null: it is not.
    /// </summary>
    private static string? Argument(string word, Command command) =>
        ForeignNames.Answer(word.Split('=')[0], Known(command)) is { } answer
            ? $"'{word}' is not an option; the names of options start with '--'. {answer}"
            : null;

    private static string Superfluous(string word, IReadOnlyList<string> words, Command command)
    {
        if (command.Arguments.Count == 0)
            return $"'{word}' belongs to no option of '{command.Name}'. A value with blanks needs quotes: {Example(word, words)}.";
        return $"'{word}' is one argument too many: '{command.Name}' takes "
            + $"{string.Join(' ', command.Arguments.Select(argument => argument.Name))}. A name with blanks needs quotes around it.";
    }

    /// <summary>The option before a word, with a quoted value; the shell has already expanded a formula's tilde to the home
    /// folder.</summary>
    private static string Example(string word, IReadOnlyList<string> words)
    {
        var at = Math.Max(0, words.ToList().IndexOf(word));
        var option = words.Take(at).LastOrDefault(before => before.StartsWith("--", StringComparison.Ordinal));
        return option is null or Formula ? $"{Formula} \"FDC ~ Age + sex\"" : $"{option} \"… {word}\"";
    }

    /// <summary>The library's errors about counts, reworded; errors of this program's own checks unchanged.</summary>
    private static string Describe(ParseError error)
    {
        var option = Option(error.SymbolResult);
        if (error.SymbolResult is CommandResult || (option is { Option.Required: true } && IsAbsent(option)))
            return ""; // unmatched words and missing options are reported separately
        if (option is null)
            return error.SymbolResult is ArgumentResult { Tokens.Count: 0 } absent
                ? $"{absent.Argument.Name} is missing: {absent.Argument.Description}."
                : error.Message;
        if (option.Option.Arity.MaximumNumberOfValues == 1 && option.IdentifierTokenCount > 1)
            return $"{option.Option.Name} is given {option.IdentifierTokenCount} times "
                + $"({string.Join(", ", option.Tokens.Select(token => token.Value))}); give it once.";
        return option.Tokens.Count == 0 && option.Option.Arity.MinimumNumberOfValues > 0
            ? $"{option.Option.Name} has no value; {option.Option.HelpName ?? "a value"} was expected after it."
            : error.Message;
    }

    private static OptionResult? Option(SymbolResult? result) =>
        result switch
        {
            OptionResult option => option,
            ArgumentResult argument when argument.Parent is OptionResult option => option,
            _ => null,
        };

    private static bool IsAbsent(OptionResult? option) => option is null or { IdentifierTokenCount: 0 };

    private static string FullName(ParseResult line, Command command) =>
        command is RootCommand ? command.Name : $"{line.RootCommandResult.Command.Name} {command.Name}";

    private static string Joined(List<string> names) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";
}
