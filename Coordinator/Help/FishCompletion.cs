using System.CommandLine;
using System.Text;

namespace HpcFit.Coordinator.Help;

/// <summary>The completions of fish, one command a line.</summary>
internal static class FishCompletion
{
    /// <summary>The script for the program's verbs.</summary>
    public static string Script(IReadOnlyList<Command> verbs)
    {
        var script = new StringBuilder("# Completion of hpcfit for fish, made by 'hpcfit completion fish'.\ncomplete -c hpcfit -f\n");
        foreach (var verb in verbs)
            script.Append($"complete -c hpcfit -n __fish_use_subcommand -a {verb.Name} -d {Quoted(verb.Description ?? "")}\n");
        foreach (var verb in verbs)
        {
            var seen = $"complete -c hpcfit -n '__fish_seen_subcommand_from {verb.Name}'";
            foreach (var argument in verb.Arguments)
                script.Append($"{seen} {Action(ValueKind.From(argument))}\n");
            foreach (var option in verb.Options.Where(option => !option.Hidden))
            foreach (var name in OptionText.Names(option))
                script.Append($"{seen} -l {name[2..]} {Value(option)}-d {Quoted(option.Description ?? "")}\n");
            script.Append($"{seen} -l help -d 'Show the most used options'\n{seen} -l help-all -d 'Show all options'\n");
        }
        return script.ToString();
    }

    private static string Value(Option option) =>
        option.ValueType == typeof(bool) ? "" : $"{(ValueKind.From(option).IsFile ? "-r" : "-x")} {Action(ValueKind.From(option))} ";

    private static string Action(ValueKind kind) =>
        kind.Words.Count > 0 ? $"-a '{string.Join(' ', kind.Words)}'"
        : kind.IsFile ? "-F"
        : kind.IsFolder ? "-a '(__fish_complete_directories)'"
        : "";

    private static string Quoted(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
