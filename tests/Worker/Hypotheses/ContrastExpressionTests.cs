using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Tests.Hypotheses;

public sealed class ContrastExpressionTests
{
    private static readonly string[] Names =
    [
        "(Intercept)",
        "Age",
        "I(Age^2)",
        "groupold",
        "groupa-b",
        "groupa",
        "b",
        "group(x) y",
        "groupold:b",
    ];

    [Theory]
    [InlineData("groupold - groupa", new double[] { 0, 0, 0, 1, 0, -1, 0, 0, 0 })]
    [InlineData("groupa-b", new double[] { 0, 0, 0, 0, 1, 0, 0, 0, 0 })]
    [InlineData("groupa -b", new double[] { 0, 0, 0, 0, 0, 1, -1, 0, 0 })]
    [InlineData("I(Age^2)*2 + 0.5*Age", new double[] { 0, 0.5, 2, 0, 0, 0, 0, 0, 0 })]
    [InlineData("(groupold + groupa)/2 - (Intercept)", new double[] { -1, 0, 0, 0.5, 0, 0.5, 0, 0, 0 })]
    [InlineData("-(Age - b) = 0", new double[] { 0, -1, 0, 0, 0, 0, 1, 0, 0 })]
    [InlineData("Intercept + 1e-1 * groupold:b", new double[] { 1, 0, 0, 0, 0, 0, 0, 0, 0.1 })]
    [InlineData("`group(x) y` - group(x) y*.5", new double[] { 0, 0, 0, 0, 0, 0, 0, 0.5, 0 })]
    [InlineData("1/2*Age", new double[] { 0, 0.5, 0, 0, 0, 0, 0, 0, 0 })]
    public void Weights_follow_the_longest_names(string text, double[] expected) =>
        ContrastExpression.Weights("a", text, Names).ShouldBe(expected);

    [Theory]
    [InlineData("`body height`", new double[] { 1, 0, 0 })]
    [InlineData("2 * body height", new double[] { 2, 0, 0 })]
    [InlineData("`body height`:`it's`b - `body height`", new double[] { -1, 0, 1 })]
    [InlineData("`body height:it'sb` + body height:it'sb + it'sb", new double[] { 0, 1, 2 })]
    public void Coefficients_of_quoted_variables_are_found_with_and_without_backticks(string text, double[] expected) =>
        ContrastExpression.Weights("a", text, ["`body height`", "`it's`b", "`body height`:`it's`b"]).ShouldBe(expected);

    [Theory]
    [InlineData("groupod - Age", "'groupod' is not a coefficient of the model. Did you mean 'groupold'")]
    [InlineData("Age + 1", "The combination has a constant")]
    [InlineData("Age - Age", "Every weight")]
    [InlineData("Age * b", "only be multiplied or divided by a number")]
    [InlineData("2 / Age", "only be multiplied or divided by a number")]
    [InlineData("Age / 0", "divides by 0")]
    [InlineData("Age b", "An operator")]
    [InlineData("Age = 1", "Omit the right-hand side")]
    [InlineData("Age = b", "subtract it if it consists of coefficients")]
    [InlineData("Age = 0 b", "Omit the right-hand side")]
    [InlineData("(Age", "not closed")]
    [InlineData("Age -", "A coefficient or a number is expected")]
    public void Texts_that_are_no_combination_are_refused_with_their_position(string text, string message)
    {
        var refusal = Should.Throw<FormulaException>(() => ContrastExpression.Weights("a", text, Names));
        refusal.Message.ShouldContain(message);
        refusal.Message.ShouldContain(text);
        refusal.Message.ShouldContain("^");
    }
}
