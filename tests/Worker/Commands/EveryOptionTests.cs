using System.CommandLine;
using System.Text.RegularExpressions;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using HpcFit.Tests;
using HpcFit.Worker.Commands;

namespace HpcFit.Worker.Tests.Commands;

/// <summary>
/// Every option of every command gets invalid values: the result is one sentence, and the exit code of a usage or input error.
/// </summary>
public sealed partial class EveryOptionTests
{
    private static readonly string[] BadValues =
    [
        "",
        " ",
        "four",
        "-1",
        "0",
        "1,4",
        "1 000",
        "1_000",
        "１",
        "1e400",
        "NaN",
        "inf",
        "0x10",
        "99999999999999999999999",
        "1.5x",
        "true",
        "../x",
        ".",
        "a\nb",
        "a=b",
        "--",
        "7",
    ];

    [Theory]
    [InlineData("fit")]
    [InlineData("element")]
    public void A_bad_value_is_reported_in_one_sentence(string name)
    {
        var root = WorkerCommands.Create();
        var command = root.Subcommands.Single(command => command.Name == name);
        foreach (var option in command.Options.Where(option => option.Name != "--help"))
        {
            foreach (var value in BadValues)
            {
                var errors = StandardError.OfThisTest();
                var code = CommandLineProgram.Run(root, [name, .. Required(command, option), $"{option.Name}={value}"]);
                var shown = $"{name} {option.Name}={value}\n{errors}";
                code.ShouldBeOneOf([(int)ExitCode.Usage, (int)ExitCode.BadInput], shown);
                OfThePlatform().Match(errors.ToString()).Value.ShouldBeEmpty(shown);
            }
        }
    }

    private static IEnumerable<string> Required(Command command, Option without) =>
        command
            .Options.Where(option => option.Required && option != without)
            .Select(option => $"{option.Name}={(option.Name is "--id" or "--round" ? "1" : "/nowhere/x")}");

    [GeneratedRegex(
        @"System\.|HpcFit\.|Exception|^ +at |Unforeseen|Object reference|could not be converted|Value cannot",
        RegexOptions.Multiline
    )]
    private static partial Regex OfThePlatform();
}
