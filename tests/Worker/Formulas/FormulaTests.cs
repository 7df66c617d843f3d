using FsCheck;
using FsCheck.Fluent;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Tests.Formulas;

public class FormulaTests
{
    [Theory]
    [InlineData("FDC", "A formula needs a '~'", "^^^")]
    [InlineData("~ Age", "The response is missing", "^")]
    [InlineData("FDC ~ Age +", "The text ends where", "           ^")]
    [InlineData("FDC ~ (Age + sex", "not closed", "                ^")]
    [InlineData("FDC ~ Age sex", "an operator such as +", "          ^^^")]
    [InlineData("FDC ~ Age $ sex", "has no meaning", "          ^")]
    [InlineData("FDC ~ \"Age", "never closed", "      ^")]
    [InlineData("FDC ~ Age + 3", "is not a term", "            ^")]
    [InlineData("FDC ~ Age^1.5", "whole number", "          ^^^")]
    [InlineData("FDC ~ s(Age):sex", "by=", "      ^^^^^^")]
    [InlineData("FDC ~ log(s(Age))", "top level", "          ^^^^^^")]
    [InlineData("FDC ~ Age ~ sex", "one '~'", "^^^^^^^^^")]
    [InlineData("FDC ~ Age %on% sex", "%on%", "          ^^^^")]
    [InlineData("FDC ~ Age + FDC", "predictor of itself", "            ^^^")]
    [InlineData("log(FDC) ~ FDC + sex * log(FDC)", "predictor of itself", "                       ^^^^^^^^")]
    public void Errors_point_at_the_place(string text, string problem, string carets)
    {
        var message = Should
            .Throw<FormulaException>(() => Formula.Parse(text))
            .Message.Split('\n')
            .Select(line => line.TrimEnd('\r'))
            .ToArray();
        message[0].ShouldContain(problem);
        message[1].ShouldBe("  " + text);
        message[2].ShouldBe("  " + carets);
    }

    [Fact]
    public void Smooths_keep_their_place_among_all_terms()
    {
        // R 4.2.2: attr(terms(y ~ s(Age, k = 4) + sex * motion + ti(Age, motion)), "term.labels")
        var formula = Formula.Parse("y ~ s(Age, k = 4, by = osex, fx = TRUE) + sex * motion + ti(Age, motion, bs = c(\"cr\", \"ps\"))");
        formula.Smooths.Select(smooth => (smooth.Function, smooth.Index)).ShouldBe([("s", 0), ("ti", 3)]);
        formula.Terms.Select(term => (term.Label, term.Index)).ShouldBe([("sex", 1), ("motion", 2), ("sex:motion", 4)]);
        formula.Smooths[0].Covariates.Select(covariate => covariate.ToString()).ShouldBe(["Age"]);
        formula.Smooths[0].Options.Keys.ShouldBe(["k", "by", "fx"]);
        formula.Smooths[1].ToString().ShouldBe("ti(Age, motion, bs = c(\"cr\", \"ps\"))");
    }

    [Theory]
    [InlineData("poly( Age,3,raw=TRUE )", "poly(Age, 3, raw = TRUE)")]
    [InlineData("I(a/100000*2-1.50)", "I(a/1e+05 * 2 - 1.5)")]
    [InlineData("-2^2 + x %in% c('a',\"b\\\"\")", "-2^2 + x %in% c(\"a\", \"b\\\"\")")]
    [InlineData("`odd name`:b%%2", "`odd name`:b%%2")]
    [InlineData("2^-1^x", "2^-1^x")]
    [InlineData("!a&b|c>=1L", "!a & b | c >= 1L")]
    public void Texts_are_those_of_Rs_deparse(string text, string deparsed) => ExpressionParser.Parse(text).ToString().ShouldBe(deparsed);

    [Fact]
    public void Deparsed_text_parses_to_the_same_formula()
    {
        Prop.ForAll(
                Soup().ToArbitrary(),
                text =>
                {
                    Expression expression;
                    try
                    {
                        expression = ExpressionParser.Parse(text);
                    }
                    catch (FormulaException)
                    {
                        return;
                    }
                    ExpressionParser.Parse(expression.ToString()).ToString().ShouldBe(expression.ToString());
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Fact]
    public void Any_text_either_parses_or_is_refused_with_a_position() =>
        Prop.ForAll(
                Soup().ToArbitrary(),
                text =>
                {
                    try
                    {
                        Formula.Parse("y ~ " + text).Response.ToString().ShouldBe("y");
                    }
                    catch (FormulaException refused)
                    {
                        refused.Message.ShouldContain("^");
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void Deep_nesting_is_refused_and_does_not_overflow_the_stack() =>
        Should.Throw<FormulaException>(() => Formula.Parse("y ~ " + new string('(', 100_000))).Message.ShouldContain("nested");

    private static Gen<string> Soup()
    {
        string[] words =
        [
            "x",
            "a",
            "`o d`",
            "y",
            "1",
            "0",
            "-1",
            "2.5e3",
            "\"t\"",
            "'q",
            "`",
            "+",
            "-",
            "*",
            ":",
            "/",
            "^",
            "2",
            "%in%",
            "%",
            "(",
            ")",
            "(",
            ")",
            ",",
            "=",
            "~",
            ".",
            "I(",
            "poly(",
            "s(",
            "offset(",
            "log(x)",
            "::",
            "TRUE",
            "é",
            "\n",
            "@",
            "<",
            "==",
            "!",
            "&",
        ];
        return Gen.Elements(words).ListOf().Select(list => string.Join(" ", list));
    }
}
