using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Engines;
using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Tests.Formulas;

public class RandomEffectTests
{
    private static readonly CohortTable Cohort = new(
        "cohort.csv",
        [
            new NumericColumn("Age", [8, 10, 9, 12, 11, 14], true),
            new TextColumn("site", ["a", "b", "a", "b", "a", "b"]),
            new LogicalColumn("old", [0, 1, 0, 1, 1, 0]),
            new LogicalColumn("male", [0, 1, 1, 1, 0, 0]),
        ]
    );

    [Theory]
    [InlineData("y ~ Age + (1 | site)", "site", "s(site, bs=\"re\")")]
    [InlineData("y ~ (Age | site)", "site + Age:site", "s(site, bs=\"re\") + s(site, Age, bs=\"re\")")]
    [InlineData("y ~ (1 + Age || site)", "site + Age:site", "s(site, bs=\"re\") + s(site, Age, bs=\"re\")")]
    [InlineData("y ~ Age + (0 + Age | site)", "Age:site", "s(site, Age, bs=\"re\")")]
    [InlineData("y ~ (1 | site/subject)", "site + site:subject", "s(site, bs=\"re\") + s(site, subject, bs=\"re\")")]
    [InlineData("y ~ 1 | site", "site", "s(site, bs=\"re\")")]
    public void It_is_answered_with_what_to_write(string formula, string asFixed, string asSmooths)
    {
        var found = RandomEffect.Find(Formula.Parse(formula), Cohort).ShouldNotBeNull();
        (found.AsFixed, found.AsSmooths).ShouldBe((asFixed, asSmooths));
    }

    [Theory]
    [InlineData("y ~ (old | male)")]
    [InlineData("y ~ (Age > 10 | site == \"a\")")]
    [InlineData("y ~ I(1 | site)")]
    public void A_bar_between_logicals_or_inside_a_call_is_the_operator(string formula) =>
        RandomEffect.Find(Formula.Parse(formula), Cohort).ShouldBeNull();

    [Theory]
    [InlineData("lm", "fixed effects instead, site, or fit --model gam with s(site, bs=\"re\")")]
    [InlineData("gam", "write s(site, bs=\"re\").")]
    public void Both_models_refuse_it_and_mark_it(string engine, string message) =>
        Should
            .Throw<BadInputException>(() =>
                ModelEngines.Create(new ModelSpec { Engine = engine, Formula = "y ~ Age + (1 | site)" }, Cohort, ["y"], "y")
            )
            .Message.ShouldSatisfyAllConditions(
                text => text.ShouldContain(message),
                text => text.ShouldContain(Environment.NewLine + new string(' ', 13) + "^^^^^^^^")
            );
}
