using System.CommandLine;
using HpcFit.Coordinator.Commands;
using HpcFit.Coordinator.Help;

namespace HpcFit.Coordinator.Tests.Help;

public class HelpPageTests
{
    private static readonly IReadOnlyList<Command> Verbs = [.. CoordinatorCommands.Create(new()).Subcommands];

    [Fact]
    public void Every_option_has_a_group() =>
        Verbs
            .SelectMany(verb =>
                verb.Options.Where(option => OptionGroups.Find(option) is null).Select(option => $"{verb.Name} {option.Name}")
            )
            .ShouldBeEmpty("an option that is missing in Coordinator/Help/OptionGroups.cs is listed under no heading");

    [Fact]
    public void The_table_of_groups_has_each_option_once() =>
        OptionGroups.AllNames().GroupBy(pair => pair.Name).Where(same => same.Count() > 1).Select(same => same.Key).ShouldBeEmpty();

    [Fact]
    public void First_screens_fit_24_lines_of_80_columns_and_name_options_of_the_verb()
    {
        foreach (var (name, page) in ShortPage.ByVerb)
        {
            var verb = Verbs.Single(verb => verb.Name == name);
            var lines = new HelpPage(verb, "hpcfit", []).First(80).ToList();
            lines.Count.ShouldBeLessThanOrEqualTo(23, name); // and the next prompt
            lines.ShouldAllBe(line => line.Length <= 80, name);
            lines.ShouldContain(line => line.Contains("--help-all", StringComparison.Ordinal), name);
            page.Options.Select(option => option.Name).Except(verb.Options.Select(option => option.Name)).ShouldBeEmpty(name);
            // What must be given is on the first screen.
            verb.Options.Where(option => option.Required)
                .Select(option => option.Name)
                .Except(page.Options.Select(option => option.Name))
                .ShouldBeEmpty(name);
        }
    }

    [Fact]
    public void A_verb_of_more_than_a_screen_has_a_first_screen() =>
        Verbs.Where(verb => verb.Options.Count > 20).Select(verb => verb.Name).Except(ShortPage.ByVerb.Keys).ShouldBeEmpty();

    [Fact]
    public void The_complete_page_has_each_option_once_under_its_heading()
    {
        var run = Verbs.Single(verb => verb.Name == "run");
        var lines = new HelpPage(run, "hpcfit", ["hpcfit run --spec x"]).Complete(80).ToList();
        var headings = lines.Where(line => line.EndsWith(':') && !line.StartsWith(' ')).ToList();
        headings.ShouldBe([
            "Data:",
            "Model:",
            "Model lm:",
            "Permutation tests (lm):",
            "Models lmm, gamm:",
            "Models gam, gamm:",
            "Model custom:",
            "Results:",
            "Running:",
            "Printing:",
            "Examples:",
        ]);
        foreach (var option in run.Options)
            lines
                .Count(line => line.StartsWith($"  {option.Name} ", StringComparison.Ordinal) || line == $"  {option.Name}")
                .ShouldBe(1, option.Name);
        lines
            .IndexOf(lines.Single(line => line.StartsWith("  --gamma", StringComparison.Ordinal)))
            .ShouldBeGreaterThan(lines.IndexOf("Models gam, gamm:"));
        lines.ShouldAllBe(line => line.Length <= 80);
    }

    [Fact]
    public void Defaults_and_required_options_are_marked_once()
    {
        var run = Verbs.Single(verb => verb.Name == "run");
        string Of(string name) => OptionText.Description(run.Options.Single(option => option.Name == name));
        Of("--workers").ShouldEndWith("(default: 1)");
        Of("--analysis").ShouldEndWith("(required)");
        Of("--gamma").Split("default").Length.ShouldBe(2);
        Of("--dry-run").ShouldNotContain("default");
    }

    [Theory]
    [InlineData("one two three", 9, 2, new[] { "  one two", "  three" })]
    [InlineData("a: b,c,d,e,f,g,h", 9, 2, new[] { "  a: b,c,", "  d,e,f,", "  g,h" })]
    [InlineData("", 80, 1, new[] { " " })]
    public void Text_is_wrapped_at_blanks_and_long_lists_at_commas(string text, int width, int indent, string[] expected) =>
        Wrapped.Lines(text, width, indent).ShouldBe(expected);
}
