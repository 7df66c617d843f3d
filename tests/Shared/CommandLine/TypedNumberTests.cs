using HpcFit.Shared.CommandLine;

namespace HpcFit.Shared.Tests.CommandLine;

public class TypedNumberTests
{
    [Theory]
    [InlineData("1.4", 1.4)]
    [InlineData("-0.5", -0.5)]
    [InlineData("+2", 2)]
    [InlineData("1e-3", 1e-3)]
    [InlineData(".5", .5)]
    public void Numbers_are_read_as_they_are_typed(string text, double value) => TypedNumber.Real(text).ShouldBe(value);

    [Theory]
    [InlineData("1,4")]
    [InlineData("1,000")]
    [InlineData("1_000")]
    [InlineData("1 000")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1'000")]
    [InlineData("１")]
    [InlineData("٣")]
    [InlineData("1.4x")]
    [InlineData("0x10")]
    [InlineData("(1)")]
    [InlineData("1e400")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("$1")]
    [InlineData("")]
    public void Everything_else_is_no_number(string text)
    {
        TypedNumber.Real(text).ShouldBeNull();
        TypedNumber.Whole(text).ShouldBeNull();
    }

    [Theory]
    [InlineData("1,4", "Use a point")]
    [InlineData("1 000", "without separators")]
    [InlineData("１", "0 to 9")]
    [InlineData("four", "")]
    public void The_advice_names_what_to_change(string text, string words) => TypedNumber.Advice(text).ShouldContain(words);
}
