using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Gam.Engine;

namespace HpcFit.Worker.Tests.Formulas;

/// <summary>Unsupported arguments are refused by name; RGoldenTests has the supported ones.</summary>
public class ArgumentsTests
{
    private const int Subjects = 24;

    private static readonly CohortTable Cohort = new(
        "cohort.csv",
        [
            new NumericColumn("x", [.. Enumerable.Range(0, Subjects).Select(i => i + (i * i % 7 / 10.0))], false),
            new NumericColumn("z", [.. Enumerable.Range(0, Subjects).Select(i => (double)(i * 5 % Subjects))], false),
            new TextColumn("b", [.. Enumerable.Range(0, Subjects).Select(i => "rst"[i % 3].ToString())]),
            new TextColumn("dot", [.. Enumerable.Range(0, Subjects).Select(i => i % 2 == 0 ? "r.s" : "r")]),
            new TextColumn("dots", [.. Enumerable.Range(0, Subjects).Select(i => i % 4 < 2 ? "s.t" : "t")]),
        ]
    );

    [Theory]
    [InlineData("y ~ I(x - mean(x, trim = 0.1))", "does not support trim")]
    [InlineData("y ~ I(x - mean(x, 0.1))", "does not support trim")]
    [InlineData("y ~ I(x - quantile(x, 0.5, type = 6))", "type 7")]
    [InlineData("y ~ I(x - min(x, na = TRUE))", "no argument 'na'")]
    [InlineData("y ~ pmin(x, z, na = TRUE)", "no argument 'na'")]
    [InlineData("y ~ factor(b, exclude = NULL)", "missing values")]
    [InlineData("y ~ factor(b, nmax = 3)", "no argument 'nmax'")]
    [InlineData("y ~ C(factor(b), contr.sum, contrasts = FALSE)", "no argument 'contrasts'")]
    [InlineData("y ~ C(factor(b), contr.helmert, scores = c(1, 2, 3))", "contr.poly only")]
    [InlineData("y ~ C(factor(b), contr.sum, base = 2)", "contr.treatment only")]
    [InlineData("y ~ C(factor(b), contr.sum, 3)", "how.many is 3")]
    [InlineData("y ~ C(factor(b), contr.sum, 0)", "whole number")]
    [InlineData("y ~ interaction(b, dot, lex = TRUE)", "no argument 'lex'")]
    [InlineData("y ~ interaction(b, dot, d = TRUE)", "no argument 'd'")]
    [InlineData("y ~ interaction(dot, dots)", "named 'r.s.t'")]
    [InlineData("y ~ log2(base = x)", "no argument 'base'")]
    [InlineData("y ~ droplevels(factor(b), exclude = \"r\")", "one argument")]
    [InlineData("y ~ poly(x, deg = 2)", "no argument 'deg'")]
    [InlineData("y ~ poly(x, z, 2)", "degree=2")]
    [InlineData("y ~ poly(x, 2, coefs = c(1, 2))", "no argument 'coefs'")]
    [InlineData("y ~ splines::bs(x, df = 5, warn.outside = FALSE)", "no argument 'warn.outside'")]
    public void An_argument_of_a_function_is_refused(string formula, string message) =>
        Should
            .Throw<BadInputException>(() => ModelDesign.Create(Formula.Parse(formula), Cohort, ["y"], "y", new()))
            .Message.ShouldContain(message);

    // R: variable lengths differ.
    [Theory]
    [InlineData("mean(x)")]
    [InlineData("x + quantile(x, 0.5)")]
    [InlineData("x + I(3)")]
    [InlineData("x + pi")]
    [InlineData("x + exp(1)")]
    [InlineData("x + offset(2)")]
    public void A_single_value_is_no_variable(string terms) =>
        Should
            .Throw<BadInputException>(() => ModelDesign.Create(Formula.Parse($"y ~ {terms}"), Cohort, ["y"], "y", new()))
            .Message.ShouldContain("is a single value");

    // mgcv 1.8-41 stops at the first (a thin plate of a factor), and silently uses the first basis of the others.
    [Theory]
    [InlineData("y ~ s(x, b, bs = c(\"tp\", \"cr\"))", "bs of s() has 2 values")]
    [InlineData("y ~ s(x, bs = c(\"tp\", \"cr\"))", "bs of s() has 2 values")]
    [InlineData("y ~ s(x, k = c(5, 6))", "k of s() has 2 values")]
    [InlineData("y ~ s(x, fx = c(TRUE, FALSE))", "fx of s() has 2 values")]
    [InlineData("y ~ te(x, z, np = c(TRUE, FALSE))", "np of te() has 2 values")]
    [InlineData("y ~ te(x, z, bs = c(\"cr\", \"tp\", \"ps\"))", "bs of te() has 3 values")]
    [InlineData("y ~ te(x, z, k = c(4, 5, 6))", "k of te() has 3 values")]
    [InlineData("y ~ te(x, z, mc = c(1, 0))", "no argument 'mc'")]
    [InlineData("y ~ te(x, z, ord = 1)", "no argument 'ord'")]
    [InlineData("y ~ s(x, bs = \"ps\", m = c(2, 1, 3))", "m has 3 numbers")]
    [InlineData("y ~ s(x, b = \"cr\")", "no argument 'b'")]
    [InlineData("y ~ s(b)", "'b' is a factor")]
    public void An_argument_of_a_smooth_is_refused(string formula, string message) =>
        Should.Throw<BadInputException>(() => Gam(formula)).Message.ShouldContain(message);

    [Theory]
    [InlineData("y ~ s(x, bs = \"cr\", m = 1)", "m does not change a basis \"cr\"")]
    [InlineData("y ~ s(x, k = 2)", "is too small for bs=\"tp\" and is raised to 3")]
    [InlineData("y ~ te(x, z, k = c(2, 4))", "has a value below 3, too small for a margin")]
    [InlineData("y ~ s(b, bs = \"re\", k = 2)", "k does not change a basis \"re\"")]
    public void Arguments_without_effect_in_mgcv_are_reported(string formula, string message) =>
        Gam(formula).Warnings.ShouldHaveSingleItem().ShouldContain(message);

    [Fact]
    public void Arguments_with_an_effect_are_not_spoken_of() =>
        Gam("y ~ s(x, k = 5, m = 1) + s(b, bs = \"re\") + t2(z, x, k = 4, ord = NULL)").Warnings.ShouldBeEmpty();

    private static GamEngine Gam(string formula) =>
        GamEngine.Create(
            new ModelSpec
            {
                Engine = "gam",
                Formula = formula,
                NumSubjLthrAbs = 1,
            },
            Cohort,
            ["y"],
            "y"
        );
}
