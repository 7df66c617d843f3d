using HpcFit.Shared.Cohort;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Linear;

namespace HpcFit.Worker.Tests.Formulas;

public class AliasedColumnsTests
{
    private const int Subjects = 20;
    private const string Used = "among the 19 subjects used";

    private static readonly CohortTable Cohort = new(
        "cohort.csv",
        [
            Numbers("Age", i => i + (i * i % 5 / 7.0)),
            Numbers("months", i => 12 * (i + (i * i % 5 / 7.0))),
            Numbers("scanner", i => i == 3 ? 2 : 1),
            Numbers("motion", i => i == 3 ? double.NaN : Math.Sin(i)),
            Numbers("w", i => i < 10 ? 1 : 0),
            new TextColumn("sex", [.. Enumerable.Range(0, Subjects).Select(i => i % 2 == 0 ? "F" : "M")]),
            new TextColumn(
                "group",
                [
                    .. Enumerable
                        .Range(0, Subjects)
                        .Select(i =>
                            i % 2 == 0 ? "F"
                            : i % 4 == 1 ? "M1"
                            : "M2"
                        ),
                ]
            ),
        ]
    );

    [Theory]
    [InlineData("y ~ Age + motion + sex")]
    [InlineData("y ~ 0 + sex + Age + motion", "")]
    [InlineData("y ~ Age + motion + scanner", $"scanner is constant {Used}")]
    [InlineData("y ~ Age + months + motion", $"months is a linear combination of Age {Used}")]
    [InlineData("y ~ Age + I(2 * Age - 3) + motion", $"I(2 * Age - 3) is a linear combination of the intercept, Age {Used}")]
    [InlineData("y ~ sex + group + motion", $"groupM2 is a linear combination of sexM, groupM1 {Used}")]
    [InlineData("y ~ sex:group + motion", $"sexM:groupF is 0 {Used}")]
    [InlineData("y ~ poly(Age, 2) + months", "months is a linear combination of the intercept, poly(Age, 2)1 among the 20 subjects used")]
    [InlineData("y ~ T1 + Age + months + motion", $"months is a linear combination of Age {Used}")]
    public void Columns_that_others_determine_are_named(string formula, string expected = "")
    {
        var sentences = Lm(formula)
            .Warnings.Select(warning => warning[..warning.IndexOf(':', warning.LastIndexOf("used", StringComparison.Ordinal))])
            .ToList();
        if (expected.Length == 0)
            sentences.ShouldBeEmpty();
        else
            sentences.ShouldContain(expected);
    }

    [Fact]
    public void Subjects_without_a_weight_do_not_count() =>
        Lm("y ~ Age + I(ifelse(Age > 11, Age, 0))", "w")
            .Warnings.ShouldHaveSingleItem()
            .ShouldContain("is 0 among the 10 subjects used: its coefficient is not estimated (NaN)");

    [Theory]
    [InlineData("REML", "dropped, with estimate 0")]
    [InlineData("GCV.Cp", "the effect is shared")]
    public void The_treatment_of_aliased_columns_is_reported(string method, string consequence)
    {
        var warnings = Gam("y ~ s(motion, k = 4) + Age + months", method).Warnings;
        warnings.ShouldHaveSingleItem().ShouldContain($"months is a linear combination of Age {Used}: ");
        warnings[0].ShouldContain(consequence);
    }

    /// <summary>
    /// mgcv 1.8-41, where a level of g has one subject: of s(Age) + s(g, Age, bs = "sz") it drops another coefficient by REML, so that
    /// edf are 2.73 and 2.19 in place of 3.73 and 1.19, at the same criterion and fit. By GCV.Cp edf are equal.
    /// </summary>
    [Theory]
    [InlineData("REML", "mgcv drops one, too, but of two smooths perhaps the other's")]
    [InlineData("GCV.Cp", "the effect is shared among them, as in mgcv.")]
    public void A_straight_line_shared_with_a_smooth_is_reported(string method, string consequence)
    {
        var warning = Gam("y ~ s(Age, k = 4) + Age", method).Warnings.ShouldHaveSingleItem();
        warning.ShouldContain("such as its straight line, is in the model twice");
        warning.ShouldContain(consequence);
    }

    private static NumericColumn Numbers(string name, Func<int, double> value) =>
        new(name, [.. Enumerable.Range(0, Subjects).Select(value)], false);

    private static LinearEngine Lm(string formula, string? weights = null) =>
        LinearEngine.Create(
            new ModelSpec
            {
                Engine = "lm",
                Formula = formula,
                Weights = weights,
                NumSubjLthrAbs = 1,
            },
            Cohort,
            ["y", "T1"],
            "y"
        );

    private static GamEngine Gam(string formula, string method) =>
        GamEngine.Create(
            new ModelSpec
            {
                Engine = "gam",
                Formula = formula,
                NumSubjLthrAbs = 1,
                Gam = new() { Method = method },
            },
            Cohort,
            ["y"],
            "y"
        );
}
