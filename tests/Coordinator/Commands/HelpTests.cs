using System.CommandLine;
using HpcFit.Coordinator.Commands;

namespace HpcFit.Coordinator.Tests.Commands;

/// <summary>The help of all commands is consistent.</summary>
public class HelpTests
{
    private static readonly string[] Placeholders =
    [
        "FILE",
        "FOLDER",
        "NAME",
        "LIST",
        "N",
        "TIME",
        "SIZE",
        "FORMULA",
        "CONDITION",
        "RANGES",
        "ARGUMENTS",
        "OPTION",
        "EXPRESSION",
        "NAME=EXPRESSION",
        "NAME=LIST",
        "L=FILE,R=FILE",
        "NAME: EXPRESSION",
        "TERMS",
    ];

    [Fact]
    public void Placeholders_have_one_spelling()
    {
        foreach (var (command, option) in Options().Where(pair => pair.Option.ValueType != typeof(bool)))
        {
            var name = option.HelpName.ShouldNotBeNull($"{command} {option.Name}");
            if (!name.Contains('|', StringComparison.Ordinal))
                Placeholders.ShouldContain(name, $"{command} {option.Name}");
        }
    }

    [Fact]
    public void An_option_means_the_same_value_in_every_command() =>
        Options().GroupBy(pair => pair.Option.Name).ShouldAllBe(same => same.Select(pair => pair.Option.HelpName).Distinct().Count() == 1);

    [Fact]
    public void Arguments_are_written_in_capitals() =>
        CoordinatorCommands
            .Create(new())
            .Subcommands.SelectMany(command => command.Arguments)
            .ShouldAllBe(argument => !argument.Name.Any(char.IsLower));

    [Fact]
    public void Descriptions_name_values_without_angle_brackets() =>
        Options().ShouldAllBe(pair => !System.Text.RegularExpressions.Regex.IsMatch(pair.Option.Description!, "<[A-Za-z]"));

    [Fact]
    public void Choices_are_written_as_typed() =>
        Options().Single(pair => pair.Command == "run" && pair.Option.Name == "--on-error").Option.HelpName.ShouldBe("stop|skip");

    private static IEnumerable<(string Command, Option Option)> Options() =>
        CoordinatorCommands
            .Create(new())
            .Subcommands.SelectMany(command =>
                command.Options.Where(option => option.Name != "--help").Select(option => (command.Name, option))
            );
}
