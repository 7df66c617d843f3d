using System.CommandLine;
using HpcFit.Coordinator.Help;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit completion bash|zsh|fish</c>: prints the shell's completion script, made from the declarations of options.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, Func<IReadOnlyList<Command>, string>> Shells = new()
    {
        ["bash"] = BashCompletion.Script,
        ["zsh"] = ZshCompletion.Script,
        ["fish"] = FishCompletion.Script,
    };

    /// <summary>Creates the verb.</summary>
    /// <param name="root">The program, of which the script completes all verbs.</param>
    public static Command Create(RootCommand root)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish", HelpName = string.Join('|', Shells.Keys) };
        shell.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && !Shells.ContainsKey(name))
                result.AddError($"SHELL is '{name}'. {NearestNames.Hint(name, Shells.Keys)}");
        });
        var command = new Command("completion", "Print a script that completes commands, options and values in a shell") { shell };
        command.SetAction(line => Console.Out.Write(Shells[line.GetRequiredValue(shell)](Shown(root))));
        return command;
    }

    /// <summary>The verbs that help lists.</summary>
    public static IReadOnlyList<Command> Shown(RootCommand root) => [.. root.Subcommands.Where(verb => !verb.Hidden)];
}
