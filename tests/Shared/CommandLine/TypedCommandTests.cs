using HpcFit.Shared.CommandLine;

namespace HpcFit.Shared.Tests.CommandLine;

public class TypedCommandTests
{
    [Theory]
    [InlineData("data.h5", "data.h5")]
    [InlineData("my study", "\"my study\"")]
    [InlineData("FD ~ Age", "\"FD ~ Age\"")]
    [InlineData("it's", "\"it's\"")]
    [InlineData("it's $5", "'it'\\''s $5'")]
    [InlineData("", "\"\"")]
    [InlineData("$HOME", "'$HOME'")]
    public void Words_are_quoted_for_a_shell(string word, string quoted) => TypedCommand.Quoted(word).ShouldBe(quoted);

    [Fact]
    public void A_line_begins_with_the_program() => TypedCommand.Line("resume", "a b").ShouldEndWith("hpcfit resume \"a b\"");
}
