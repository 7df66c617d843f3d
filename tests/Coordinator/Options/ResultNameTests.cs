using HpcFit.Coordinator.Options;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Options;

public class ResultNameTests
{
    [Theory]
    [InlineData("", "empty")]
    [InlineData("  ", "empty")]
    [InlineData(".", "folder")]
    [InlineData("..", "folder")]
    [InlineData("a/b", "'/'")]
    [InlineData("../x", "'/'")]
    [InlineData("/a", "'/'")]
    [InlineData("a\0b", "\\u0000")]
    [InlineData("a\nb", "control character")]
    [InlineData("-a", "dash")]
    [InlineData(" a", "blank")]
    [InlineData("a\uFFFD", "UTF-8")]
    [InlineData("a\uD800", "UTF-8")]
    public void Invalid_names_are_refused_with_the_reason(string name, string reason) =>
        Should
            .Throw<UsageException>(() => ResultName.Refuse("--analysis", name))
            .Message.ShouldSatisfyAllConditions(words => words.ShouldStartWith("--analysis is '"), words => words.ShouldContain(reason));

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void The_length_of_a_name_is_limited_by_the_names_of_maps(int length, bool isTaken) =>
        (Record.Exception(() => ResultName.Refuse("--analysis", new string('x', length))) is null).ShouldBe(isTaken);

    [Theory]
    [InlineData("results_lm")]
    [InlineData("Ergebnisse für Ä 😀")]
    [InlineData("a.b-c:d")]
    [InlineData(".hidden")]
    public void Other_names_are_accepted(string name) => Should.NotThrow(() => ResultName.Refuse("--analysis", name));
}
