using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Mixed.Structured;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Mixed.Structured;

/// <summary>What is refused before the fit, names of columns, and the statuses of elements.</summary>
public sealed class StructuredEngineTests
{
    private static readonly CohortTable Cohort = new(
        "cohort.csv",
        [
            new TextColumn("id", ["a", "a", "a", "b", "b", "b", "c", "c", "c", "d", "d", "d"]),
            new TextColumn("copy", ["x", "x", "x", "y", "y", "y", "z", "z", "z", "w", "w", "w"]),
            new TextColumn("site", ["s", "s", "s", "s", "s", "s", "t", "t", "t", "t", "t", "t"]),
            new TextColumn("rater", ["r", "q", "r", "q", "r", "q", "q", "r", "r", "q", "q", "r"]),
            new TextColumn("session", ["v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "va", "vb", "vc"]),
            new NumericColumn("visit", [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 3], true),
            new NumericColumn("Age", [1, 2, 4, 3, 5, 7, 6, 9, 8, 2, 1, 7], true),
            new NumericColumn("one", [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], true),
        ]
    );

    [Theory]
    [InlineData("y ~ Age + (1 | id) + (1 | site:id)", "groups of site:id are those of id")]
    [InlineData("y ~ Age + (1 | id) + (1 | copy)", "groups of copy are those of id")]
    [InlineData("y ~ Age + (1 | id) + (visit | id)", "(Intercept) varies between the groups of id in two terms")]
    [InlineData("y ~ Age + (1 | id) + (1 | session)", "one observation")]
    [InlineData("y ~ Age + (visit + Age | id)", "12 random effects, 3 in each of 4 groups, for 12 observations")]
    [InlineData("y ~ Age + site + (1 | site) + (1 | id)", "explain every difference between the groups of site")]
    [InlineData("y ~ Age + (site | id)", "random slopes of factors are not available")]
    [InlineData("y ~ Age + (one | id)", "is constant")]
    [InlineData("y ~ Age + (z | id)", "uses the scalar z")]
    [InlineData("y ~ Age + (visit:Age | id)", "is not understood as a random effect")]
    [InlineData("y ~ Age + (0 | id) + (1 | site)", "has no random effect")]
    [InlineData("y ~ Age + (1 | id + site)", "is not understood as a grouping factor")]
    [InlineData("y ~ Age + s(visit) + (1 | id) + (1 | site)", "has no smooths")]
    [InlineData("y ~ . + (1 | id) + (1 | site)", "dot")]
    [InlineData("y ~ 0 + (1 | id) + (1 | site)", "no fixed effect")]
    public void A_model_that_cannot_be_fitted_is_refused_by_name(string formula, string reason) =>
        Should.Throw<BadInputException>(() => Engine(formula)).Message.ShouldContain(reason);

    [Theory]
    [InlineData("(1 | site/id)", "id:site.sd__(Intercept), site.sd__(Intercept)")]
    [InlineData("(1 | site) + (1 | id)", "id.sd__(Intercept), site.sd__(Intercept)")]
    [InlineData("(visit | id)", "id.sd__(Intercept), id.sd__visit, id.cor__(Intercept).visit")]
    [InlineData("(visit || id)", "id.sd__(Intercept), id.sd__visit")]
    [InlineData("(visit - 1 | id)", "id.sd__visit")]
    [InlineData("(0 + visit + Age | site)", "site.sd__visit, site.sd__Age, site.cor__visit.Age")]
    [InlineData("(1 | site/rater/visit)", "visit:rater:site.sd__(Intercept), rater:site.sd__(Intercept), site.sd__(Intercept)")]
    public void Columns_are_named_as_in_lme4(string random, string names) =>
        string.Join(", ", Engine($"y ~ Age + {random}").Random.Names.Select(one => $"{one.Group}.{one.Statistic}")).ShouldBe(names);

    /// <summary>A variable of the fixed terms is listed once, also if its effect varies between groups.</summary>
    [Theory]
    [InlineData("y ~ visit + (visit | id)", "visit, id (random effects)")]
    [InlineData("y ~ log(visit + 1) + (visit | id)", "visit, id (random effects)")]
    [InlineData("y ~ (visit | id) + poly(visit, 2)", "id (random effects), visit")]
    [InlineData("y ~ Age + (visit | id)", "Age, id (random effects), visit (random effects)")]
    [InlineData("y ~ Age + offset(visit) + (visit | id)", "Age, id (random effects), visit (random effects), visit (offset)")]
    public void Variables_are_listed_once(string formula, string expected) =>
        string.Join(
                ", ",
                Engine(formula).Frame.Variables.Select(variable => variable.Name + (variable.Role is { } role ? $" ({role})" : ""))
            )
            .ShouldBe(expected);

    [Fact]
    public void Elements_that_do_not_determine_the_variances_have_a_status()
    {
        double n = double.NaN;
        double[][] elements =
        [
            [1, 1.5, 3, 2, 4, 4.5, 2, 3, 1, 5, 4, 2],
            [1, 1.5, 3, 2, 4, 4.5, n, n, n, n, n, n],
            [1, n, n, 2, n, n, 2, n, n, 5, n, n],
            [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2],
            [n, n, n, n, n, n, n, n, n, n, n, n],
        ];
        Statuses("y ~ 1 + (1 | id) + (1 | site)", elements)
            .ShouldBe([
                ElementStatus.Fitted,
                ElementStatus.NoGroupVariance,
                ElementStatus.NoGroupVariance,
                ElementStatus.ConstantResponse,
                ElementStatus.TooFewSubjects,
            ]);
    }

    private static ElementStatus[] Statuses(string formula, double[][] elements)
    {
        var engine = Engine(formula);
        double[] values = [.. Enumerable.Range(0, Cohort.Rows).SelectMany(row => elements.Select(element => element[row]))];
        var block = new ScalarBlock(
            new[] { new ScalarValues(0, elements.Length, default, values, elements.Length) },
            [
                [.. Enumerable.Range(0, Cohort.Rows)],
            ]
        );
        var results = StructuredCases.Results(engine, elements.Length);
        using var fitter = engine.CreateFitter();
        fitter.Fit(block, results);
        var isFitted = results.Status.ToArray().Select(status => status == ElementStatus.Fitted);
        results.Column(0).ToArray().Select(value => !double.IsNaN(value)).ShouldBe(isFitted);
        return results.Status.ToArray();
    }

    private static StructuredEngine Engine(string formula) =>
        StructuredEngine.Create(
            new()
            {
                Engine = "lmm",
                Formula = formula,
                NumSubjLthrAbs = 1,
                NumSubjLthrRel = 0,
            },
            Cohort,
            ["y", "z"],
            "y"
        );
}
