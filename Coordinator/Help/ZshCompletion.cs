using System.CommandLine;
using System.Text;

namespace HpcFit.Coordinator.Help;

/// <summary>The completion script of zsh, for a folder in <c>fpath</c> (as <c>_hpcfit</c>) or to be sourced.</summary>
internal static class ZshCompletion
{
    /// <summary>The script for the program's verbs.</summary>
    public static string Script(IReadOnlyList<Command> verbs)
    {
        var script = new StringBuilder("#compdef hpcfit\n# Completion of hpcfit for zsh, made by 'hpcfit completion zsh'.\n_hpcfit() {\n");
        script.Append("  local -a verbs\n  verbs=(\n");
        foreach (var verb in verbs)
            script.Append($"    {Quoted($"{verb.Name}:{verb.Description}")}\n");
        script.Append(
            """
              )
              if (( CURRENT == 2 )); then
                _describe 'command' verbs
                return
              fi
              case $words[2] in

            """
        );
        foreach (var verb in verbs)
            script.Append($"    {verb.Name})\n      _arguments '1: :' {string.Join(" \\\n        ", Specs(verb))}\n      ;;\n");
        script.Append(
            """
              esac
            }
            if [[ $funcstack[1] == _hpcfit ]]; then
              _hpcfit "$@"
            else
              compdef _hpcfit hpcfit
            fi

            """
        );
        return script.ToString();
    }

    private static IEnumerable<string> Specs(Command verb) =>
        verb
            .Options.Where(option => !option.Hidden)
            .SelectMany(option => OptionText.Names(option).Select(name => Quoted(Spec(name, option))))
            .Concat(verb.Arguments.Select((argument, index) => Quoted($"{index + 2}:{argument.Name}:{Action(ValueKind.From(argument))}")))
            .Append("'(-)--help[show the most used options]'")
            .Append("'(-)--help-all[show all options]'");

    private static string Spec(string name, Option option)
    {
        var repeats = option.Arity.MaximumNumberOfValues > 1 ? "*" : "";
        var value = option.ValueType == typeof(bool) ? "" : $":{Escaped(OptionText.Value(option))}:{Action(ValueKind.From(option))}";
        return $"{repeats}{name}[{Escaped(option.Description ?? "")}]{value}";
    }

    private static string Action(ValueKind kind) =>
        kind.Words.Count > 0 ? $"({string.Join(' ', kind.Words)})"
        : kind.IsFile ? "_files"
        : kind.IsFolder ? "_files -/"
        : " ";

    /// <summary>Characters that separate the parts of a specification, after a backslash.</summary>
    private static string Escaped(string text) =>
        string.Concat(text.Select(ch => ch is '[' or ']' or ':' or '\\' ? $"\\{ch}" : ch.ToString()));

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
