using System.CommandLine;
using System.Diagnostics;
using HpcFit.Coordinator.Commands;
using HpcFit.Coordinator.Help;

namespace HpcFit.Coordinator.Tests.Help;

/// <summary>The shells themselves complete with the scripts, and mandoc checks the manual pages.</summary>
public sealed class CompletionTests : IDisposable
{
    private static readonly IReadOnlyList<Command> Verbs = [.. CoordinatorCommands.Create(new()).Subcommands];

    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-completion-").FullName;

    public CompletionTests()
    {
        File.WriteAllText(Path.Combine(_folder, "data one.h5"), "");
        Directory.CreateDirectory(Path.Combine(_folder, "datasets"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("'hpcfit' 'rec'", "recover rechunk")]
    [InlineData("'hpcfit' 'run' '--element-'", "--element-subset --element-timeout")]
    [InlineData("'hpcfit' 'run' '--model' ''", "lm lmm gam gamm custom")]
    [InlineData("'hpcfit' 'run' '--model' '=' 'g'", "gam gamm")]
    [InlineData("'hpcfit' 'run' '--on-error' 's'", "stop skip")]
    [InlineData("'hpcfit' 'completion' ''", "bash zsh fish")]
    [InlineData("'hpcfit' 'run' '--workers' ''", "")]
    [InlineData("'hpcfit' 'export' '--output-dir' 'd'", "datasets")]
    [InlineData("'hpcfit' 'convert' '--group-mask-file' 'datas'", "datasets")]
    [InlineData("'hpcfit' 'status' 'd'", "datasets")]
    [InlineData("'hpcfit' 'recover' '--fo'", "--force")]
    public void Bash_completes(string words, string expected)
    {
        var script = Saved("hpcfit.bash", BashCompletion.Script(Verbs));
        var line = $"source '{script}'; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _hpcfit; echo \"${{COMPREPLY[*]}}\"";
        Run("bash", "--norc", "-c", line).ShouldBe(expected);
    }

    [Fact]
    public void Bash_completes_a_name_with_a_blank_as_one()
    {
        var script = Saved("hpcfit.bash", BashCompletion.Script(Verbs));
        var line =
            $"source '{script}'; COMP_WORDS=(hpcfit inspect data); COMP_CWORD=2; _hpcfit; printf '%s\\n' \"${{COMPREPLY[@]}}\" | "
            + "LC_ALL=C sort | tr '\\n' '|'; complete -p hpcfit";
        Run("bash", "--norc", "-c", line).ShouldBe("data one.h5|datasets|complete -F _hpcfit hpcfit");
    }

    [Theory]
    [InlineData("hpcfit run --model ", "custom gam gamm lm lmm")]
    [InlineData("hpcfit rec", "rechunk recover")]
    [InlineData("hpcfit run --element-s", "--element-subset")]
    [InlineData("hpcfit inspect datas", "datasets/")]
    public void Fish_completes(string line, string expected)
    {
        var script = Saved("hpcfit.fish", FishCompletion.Script(Verbs));
        var answer = Run("fish", "--no-config", "-c", $"source '{script}'; complete -C \"{line}\"");
        string.Join(' ', answer.Split('\n').Select(one => one.Split('\t')[0])).ShouldBe(expected);
    }

    [Fact]
    public void Zsh_loads_the_script()
    {
        var script = Saved("_hpcfit", ZshCompletion.Script(Verbs));
        Run("zsh", "-n", script).ShouldBe("");
        Run("zsh", "-f", "-c", $"autoload -Uz compinit; compinit -D -u; source '{script}'; print $_comps[hpcfit]").ShouldBe("_hpcfit");
    }

    [Fact]
    public void Manual_pages_are_free_of_warnings_and_name_every_option()
    {
        foreach (var verb in Verbs)
        {
            var page = ManualPage.OfVerb(verb, ["hpcfit x --formula 'FDC ~ Age'", ".starts with a dot"], "1.0");
            Run("mandoc", "-Tlint", "-Wwarning", Saved($"hpcfit-{verb.Name}.1", page)).ShouldBe("");
            foreach (var option in verb.Options)
                page.ShouldContain($"\\fB{option.Name.Replace("-", "\\-", StringComparison.Ordinal)}\\fR");
        }
        var program = ManualPage.OfProgram("Fits.", Verbs, "1.0");
        Run("mandoc", "-Tlint", "-Wwarning", Saved("hpcfit.1", program)).ShouldBe("");
        program.ShouldContain(".BR hpcfit\\-run (1)");
    }

    private string Saved(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start).ShouldNotBeNull();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        errors.Result.ShouldBe("");
        return output.TrimEnd('\n');
    }
}
