using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using HpcFit.Coordinator.Commands;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using HpcFit.Tests;

namespace HpcFit.Coordinator.Tests.Commands;

/// <summary>
/// Every option of every command gets invalid values: the result is an error message, and the exit code for a wrong command line or
/// input.
/// </summary>
public sealed partial class EveryOptionTests : IDisposable
{
    private static readonly string[] BadValues =
    [
        "",
        " ",
        "four",
        "-1",
        "0",
        "1,4",
        "1.000,5",
        "1 000",
        "1_000",
        "１",
        "٣",
        "1e400",
        "-1e400",
        "NaN",
        "inf",
        "-Infinity",
        "0x10",
        "99999999999999999999999",
        "1.5x",
        "true",
        "../x",
        "a/b",
        ".",
        "..",
        "/",
        "a\nb",
        "\u0001",
        "\uFFFD",
        "a=b=c",
        "name=",
        "=file",
        "s(",
        "@file",
        "--",
        "-",
        "'",
        "\"",
        "1:",
        "3:1",
        "5Q",
    ];

    private static readonly string[] BadJson =
    [
        "[]",
        "{}",
        "[null]",
        "{\"a\": null}",
        "[[1]]",
        "{\"a\": {\"b\": 1}}",
        "1e400",
        "-1",
        "99999999999999999999",
        "true",
        "\"four\"",
        "\"\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "[\"1,5\"]",
        "\"1,5\"",
        "{\"a\": [\"1,5\"]}",
        "{\"a\": 1, \"a\": 2}",
        "[{\"a\": 1}]",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Commands() => [.. CoordinatorCommands.Create(new()).Subcommands.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_bad_value_is_reported_in_a_sentence(string name)
    {
        var root = CoordinatorCommands.Create(new());
        var command = root.Subcommands.Single(command => command.Name == name);
        foreach (var option in command.Options.Where(option => option.Name != "--help"))
        {
            foreach (var value in BadValues.Append(new string('x', 5000)))
                Answer(root, [.. Line(command, option), $"{option.Name}={value}"]);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_line_that_is_too_short_or_too_long_is_reported_in_a_sentence(string name)
    {
        var root = CoordinatorCommands.Create(new());
        var command = root.Subcommands.Single(command => command.Name == name);
        if (name is not ("clean" or "demo" or "doctor")) // complete as they are
            Answer(root, [name]);
        Answer(root, [.. Line(command, null), "superfluous", "twice"]);
        Answer(root, [.. Line(command, null), "--", "--superfluous", "twice"]);
        Answer(root, [.. Line(command, null), "--unknown", "3"]);
        foreach (var option in command.Options.Where(option => option.Name != "--help" && option.ValueType != typeof(bool)))
        {
            Answer(root, [.. Line(command, option), option.Name]);
            Answer(root, [.. Line(command, option), option.Name, "1", option.Name, "1"]);
        }
    }

    [Theory]
    [InlineData("run")]
    [InlineData("plan")]
    [InlineData("submit")]
    public void A_bad_value_in_a_spec_is_reported_in_a_sentence(string name)
    {
        var root = CoordinatorCommands.Create(new());
        var command = root.Subcommands.Single(command => command.Name == name);
        var spec = Path.Combine(_folder, "model.json");
        foreach (var option in command.Options.Where(option => option.Name is not ("--help" or "--spec" or "--dry-run")))
        {
            foreach (var json in BadJson)
            {
                File.WriteAllText(spec, $"{{{JsonSerializer.Serialize(option.Name[2..])}: {json}}}");
                Answer(root, [.. Line(command, option), "--spec", spec]);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{")]
    [InlineData("{\"model\": }")]
    [InlineData("{'model': 'lm'}")]
    [InlineData("{\"model\": NaN}")]
    [InlineData("{\"model\": \"lm\"} trailing")]
    [InlineData("{\"\\ud800\": 1}")]
    public void A_spec_that_is_not_JSON_is_reported_in_a_sentence(string text)
    {
        var spec = Path.Combine(_folder, "model.json");
        File.WriteAllText(spec, text);
        Answer(CoordinatorCommands.Create(new()), ["run", "--spec", spec]).ShouldContain("model.json");
    }

    [Fact]
    public void A_spec_that_is_not_UTF8_is_reported_in_a_sentence()
    {
        var spec = Path.Combine(_folder, "model.json");
        File.WriteAllBytes(spec, [.. "{\"model\": \"l"u8, 0xFF, .. "\"}"u8]);
        Answer(CoordinatorCommands.Create(new()), ["run", "--spec", spec]).ShouldContain("not UTF-8: line 1 contains byte 0xFF");
        File.WriteAllText(spec, "{}", System.Text.Encoding.Unicode);
        Answer(CoordinatorCommands.Create(new()), ["run", "--spec", spec]).ShouldContain("UTF-16");
        File.WriteAllText(spec, $"{{\"sp\": {new string('[', 200)}{new string(']', 200)}}}");
        Answer(CoordinatorCommands.Create(new()), ["run", "--spec", spec]).ShouldContain("nested too deeply");
        Answer(CoordinatorCommands.Create(new()), ["run", "--spec", _folder]).ShouldContain("is a folder");
        Answer(CoordinatorCommands.Create(new()), ["run", "--spec", Path.Combine(_folder, "nowhere.json")]).ShouldContain("nowhere.json");
    }

    [Fact]
    public void The_error_is_last_and_short_with_a_line_that_points_to_help() =>
        Answer(CoordinatorCommands.Create(new()), [.. Line(Command("run"), null), "--workers", "four"])
            .TrimEnd()
            .Split('\n')
            .ShouldSatisfyAllConditions(
                lines => lines.Length.ShouldBe(2),
                lines => lines[0].ShouldBe("--workers is 'four'; a whole number from 1 to 4096 was expected."),
                lines => lines[1].ShouldEndWith("run --help")
            );

    [Theory]
    [InlineData("n_cores=4", "'n_cores=4' is not an option; the names of options start with '--'. Did you mean '--workers'?")]
    [InlineData("--n_cores", "run'. Did you mean '--workers'?")]
    [InlineData("element.subset", "Did you mean '--element-subset'?")]
    [InlineData("--full.outputs", "Did you mean '--full-outputs'?")]
    [InlineData("--pbar", "Progress is shown without an option.")]
    [InlineData("-n", "Did you mean '--permutations'?")]
    [InlineData("-nshuffles", "Did you mean '--permutations'?")]
    [InlineData("--n_perm", "Did you mean '--permutations'?")]
    [InlineData("-tfce", "TFCE is --enhance tfce")]
    [InlineData("-T", "TFCE is --enhance tfce")]
    [InlineData("--fwe", "in the columns .p.value.fwe")]
    [InlineData("-eb", "Did you mean '--exchange'?")]
    [InlineData("--neighbors", "Did you mean '--neighbours'?")]
    public void Arguments_of_ModelArray_are_answered_once(string word, string answer) =>
        Answer(CoordinatorCommands.Create(new()), [.. Line(Command("run"), null), word, "4"])
            .TrimEnd()
            .Split('\n')
            .ShouldSatisfyAllConditions(
                lines => lines.Length.ShouldBe(word.Contains('=') ? 3 : 2),
                lines => lines[0].ShouldContain(answer)
            );

    [Fact]
    public void Keys_of_a_spec_in_ModelArrays_names_are_answered()
    {
        var spec = Path.Combine(_folder, "model.json");
        File.WriteAllText(spec, """{"n_cores": 4, "full.outputs": true}""");
        Answer(CoordinatorCommands.Create(new()), ["run", "--spec", spec]).ShouldContain("Did you mean 'workers'?");
    }

    [Fact]
    public void A_wrong_value_in_a_spec_is_reported_with_its_key_and_file()
    {
        var spec = Path.Combine(_folder, "model.json");
        File.WriteAllText(spec, """{"workers": "four"}""");
        Answer(CoordinatorCommands.Create(new()), [.. Line(Command("run"), null), "--spec", spec])
            .ShouldContain($"'workers' in '{spec}': --workers is 'four'; a whole number from 1 to 4096 was expected.");
    }

    private static Command Command(string name) => CoordinatorCommands.Create(new()).Subcommands.Single(command => command.Name == name);

    /// <summary>A command line that is correct except for missing files, without one of its options.</summary>
    private string[] Line(Command command, Option? without) =>
        [
            command.Name,
            .. command.Arguments.Select(_ => Path.Combine(_folder, "nowhere", "x.h5")),
            .. command.Options.Where(option => option.Required && option != without).Select(option => $"{option.Name}={Harmless(option)}"),
        ];

    private string Harmless(Option option) =>
        option.Name switch
        {
            "--model" => "lm",
            "--analysis" => "results",
            "--id" => "1",
            _ => Path.Combine(_folder, "nowhere", "x.h5"),
        };

    private static string Answer(RootCommand root, string[] words)
    {
        // An accepted value would be checked further by the worker program, which is another process.
        if (words[0] is "element" or "demo" && root.Parse(words, CommandLineProgram.Parsing).Errors.Count == 0)
            return "";
        var errors = StandardError.OfThisTest();
        var code = ExceptionBoundary.Guard(() => (ExitCode)CommandLineProgram.Run(root, new ModelLines().Expand(root, words)));
        var shown = $"{string.Join(' ', words)}\n{errors}";
        code.ShouldBeOneOf([(int)ExitCode.Usage, (int)ExitCode.BadInput], shown);
        errors.ToString().ShouldNotBeNullOrWhiteSpace(shown);
        OfThePlatform().Match(errors.ToString()).Value.ShouldBeEmpty(shown);
        return errors.ToString();
    }

    [GeneratedRegex(
        @"System\.|HpcFit\.|Exception|^ +at |Unforeseen|Object reference|could not be converted|Value cannot",
        RegexOptions.Multiline
    )]
    private static partial Regex OfThePlatform();
}
