using HpcFit.Shared.CommandLine;

namespace HpcFit.Shared.Tests.CommandLine;

public class ForeignNamesTests
{
    private static readonly string[] Options =
    [
        "--workers",
        "--element-subset",
        "--full-outputs",
        "--analysis",
        "--log-level",
        "--function",
    ];

    [Theory]
    [InlineData("n_cores", "'--workers'")]
    [InlineData("--n.cores", "'--workers'")]
    [InlineData("element.subset", "'--element-subset'")]
    [InlineData("elementSubset", "'--element-subset'")]
    [InlineData("--full_outputs", "'--full-outputs'")]
    [InlineData("write_results_name", "'--analysis'")]
    [InlineData("FUN", "'--function'")]
    [InlineData("pbar", "without an option")]
    [InlineData("na.action", "na.omit")]
    public void Names_of_ModelArray_are_answered_with_those_of_this_program(string name, string answer) =>
        ForeignNames.Answer(name, Options).ShouldNotBeNull().ShouldContain(answer);

    [Theory]
    [InlineData("--cohort", "--phenotypes")]
    [InlineData("--phenotypes", "--cohort")]
    public void The_cohort_is_answered_with_the_name_of_the_command(string name, string here) =>
        ForeignNames.Answer(name, [here]).ShouldBe($"Did you mean '{here}'?");

    [Theory]
    [InlineData("unheard.of")]
    [InlineData("fn.output")] // --output, which this command does not have
    public void Other_names_have_no_answer(string name) => ForeignNames.Answer(name, Options).ShouldBeNull();

    [Fact]
    public void Keys_of_a_file_are_answered_without_dashes() =>
        ForeignNames.Answer("n_cores", ["workers"]).ShouldBe("Did you mean 'workers'?");
}
