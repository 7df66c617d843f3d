using System.CommandLine;
using System.Text;

namespace HpcFit.Coordinator.Help;

/// <summary>The completion script of bash: verbs, their options, and values by the option before the cursor.</summary>
internal static class BashCompletion
{
    /// <summary>The script for the program's verbs.</summary>
    public static string Script(IReadOnlyList<Command> verbs)
    {
        var script = new StringBuilder();
        script.Append(
            $$"""
            # Completion of hpcfit for bash, made by 'hpcfit completion bash'.
            _hpcfit() {
              local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" options="" words="" files=""
              # Bash splits --option=value at the equals sign.
              if [[ $cur == "=" ]]; then
                cur=""
              elif [[ $prev == "=" ]]; then
                prev="${COMP_WORDS[COMP_CWORD-2]}"
              fi
              COMPREPLY=()
              if (( COMP_CWORD == 1 )); then
                COMPREPLY=($(compgen -W "{{string.Join(' ', verbs.Select(verb => verb.Name))}} --help --version" -- "$cur"))
                return
              fi
              case "${COMP_WORDS[1]}" in

            """
        );
        foreach (var verb in verbs)
            script.Append($"    {verb.Name}) options=\"{string.Join(' ', Names(verb))}\"; {Arguments(verb)} ;;\n");
        script.Append(
            """
              esac
              case "$prev" in

            """
        );
        foreach (var (names, action) in Values(verbs))
            script.Append($"    {string.Join('|', names)}) {action} ;;\n");
        script.Append(
            """
                *) [[ $cur == -* ]] && words="$options" && files="" ;;
              esac
              case "$files" in
                file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
                folder) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
                *) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
              esac
            }
            complete -F _hpcfit hpcfit

            """
        );
        return script.ToString();
    }

    private static IEnumerable<string> Names(Command verb) =>
        verb.Options.Where(option => !option.Hidden).SelectMany(OptionText.Names).Append("--help").Append("--help-all");

    /// <summary>What is completed for the verb's arguments; without any, its options.</summary>
    private static string Arguments(Command verb) =>
        verb.Arguments.Count == 0 ? "words=\"$options\"" : Action(ValueKind.From(verb.Arguments[0]));

    /// <summary>Options that complete alike, and how; an option has the same kind of value in all verbs.</summary>
    private static IEnumerable<(IEnumerable<string> Names, string Action)> Values(IReadOnlyList<Command> verbs) =>
        verbs
            .SelectMany(verb => verb.Options)
            .Where(option => option.ValueType != typeof(bool) && !option.Hidden)
            .SelectMany(option => OptionText.Names(option).Select(name => (Name: name, Action: Action(ValueKind.From(option)))))
            .Distinct()
            .GroupBy(pair => pair.Action)
            .Select(group => (group.Select(pair => pair.Name), group.Key));

    private static string Action(ValueKind kind) =>
        kind.Words.Count > 0 ? $"files=\"\"; words=\"{string.Join(' ', kind.Words)}\""
        : kind.IsFile ? "files=file"
        : kind.IsFolder ? "files=folder"
        : "files=\"\"; words=\"\"";
}
