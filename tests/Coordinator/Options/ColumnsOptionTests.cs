using HpcFit.Coordinator.Options;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Options;

public sealed class ColumnsOptionTests
{
    [Fact]
    public void An_absent_option_differs_from_an_empty_list() => ColumnsOption.Parse([]).ShouldBeNull();

    [Theory]
    [InlineData("Age.estimate, Age.p.value", "Age.estimate", "Age.p.value")]
    [InlineData("poly(Age, 2)1.estimate", "poly(Age, 2)1.estimate")]
    [InlineData("element_id,poly(Age, 2)1.estimate,s(x, by = f[1, 2])", "element_id", "poly(Age, 2)1.estimate", "s(x, by = f[1, 2])")]
    [InlineData("cut(Age, c(1, 5))(1,5].estimate,b", "cut(Age, c(1, 5))(1,5].estimate", "b")]
    [InlineData("\"siteA, west.estimate\",b", "siteA, west.estimate", "b")]
    [InlineData("a, \"site(A.estimate\" ,\"say \"\"x\"\"\"", "a", "site(A.estimate", "say \"x\"")]
    [InlineData("5\" coil.estimate,b", "5\" coil.estimate", "b")]
    [InlineData("a,,b,", "a", "b")]
    public void Commas_inside_brackets_and_quotes_belong_to_the_name(string text, params string[] names) =>
        ColumnsOption.Parse([text]).ShouldBe(names);

    [Fact]
    public void Repeated_options_are_concatenated() => ColumnsOption.Parse(["c,a", "poly(x, 2)1"]).ShouldBe(["c", "a", "poly(x, 2)1"]);

    [Theory]
    [InlineData("\"a,b", "not closed")]
    [InlineData("site(A.estimate,b", "double quotes")]
    [InlineData("a),b", "double quotes")]
    [InlineData(" , ", "no column")]
    public void Ambiguous_names_are_refused(string text, string words) =>
        Should.Throw<UsageException>(() => ColumnsOption.Parse([text])).Message.ShouldContain(words);
}
