using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Engines;
using HpcFit.Worker.Mixed;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Mixed;

/// <summary>What a mixed model refuses before the fit, and the statuses of elements.</summary>
public sealed class MixedEngineTests
{
    private static readonly CohortTable Cohort = new(
        "cohort.csv",
        [
            new TextColumn("id", ["a", "a", "b", "b", "c", "c", "d", "d"]),
            new TextColumn("session", ["v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8"]),
            new TextColumn("all", ["x", "x", "x", "x", "x", "x", "x", "x"]),
            new NumericColumn("Age", [1, 2, 4, 3, 5, 7, 6, 9], true),
        ]
    );

    [Theory]
    [InlineData("y ~ Age", "needs a random intercept")]
    [InlineData("y ~ Age + (1 | session)", "one observation")]
    [InlineData("y ~ Age + (1 | all)", "in one group")]
    [InlineData("y ~ id + (1 | id)", "explain every difference")]
    [InlineData("y ~ s(Age) + (1 | id)", "has no smooths")]
    [InlineData("y ~ . + (1 | id)", "dot")]
    public void A_model_that_cannot_be_fitted_is_refused_by_name(string formula, string reason) =>
        Should.Throw<BadInputException>(() => Engine(formula)).Message.ShouldContain(reason);

    [Theory]
    [InlineData("y ~ Age + (1 | id)")]
    [InlineData("y ~ 1 + (Age || id)")]
    public void Subjects_without_a_group_are_warned_of(string formula)
    {
        const string Warning = "(1 | id): 2 subjects without a text in 'id' are in a group of that name, as in R.";
        var without = Cohort.With(new TextColumn("id", ["a", "a", "b", "b", "c", "c", "", ""]));
        WarningsOf(without).ShouldContain(text => text.StartsWith(Warning, StringComparison.Ordinal));
        WarningsOf(Cohort).ShouldNotContain(text => text.Contains("without a text", StringComparison.Ordinal));

        IReadOnlyList<string> WarningsOf(CohortTable cohort) => ModelEngines.Create(Model(formula), cohort, ["y"], "y").Warnings;
    }

    [Fact]
    public void Elements_without_groups_of_several_or_with_a_constant_response_have_a_status()
    {
        double n = double.NaN;
        double[][] elements =
        [
            [1, 1.5, 3, 2, 4, 4.5, 2, 3],
            [1, n, 3, n, 4, n, 2, n],
            [1, 1.5, n, n, n, n, n, n],
            [2, 2, 2, 2, 2, 2, 2, 2],
            [n, n, n, n, n, n, n, n],
        ];
        Statuses("y ~ 1 + (1 | id)", elements)
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
        var results = new ResultBlock(
            new(0, elements.Length),
            new double[engine.Layout.PartialColumns.Count * elements.Length],
            new ElementStatus[elements.Length]
        );
        using var fitter = engine.CreateFitter();
        fitter.Fit(block, results);
        var isFitted = results.Status.ToArray().Select(status => status == ElementStatus.Fitted);
        results.Column(0).ToArray().Select(value => !double.IsNaN(value)).ShouldBe(isFitted);
        return results.Status.ToArray();
    }

    private static MixedEngine Engine(string formula) => MixedEngine.Create(Model(formula), Cohort, ["y"], "y");

    private static ModelSpec Model(string formula) =>
        new()
        {
            Engine = "lmm",
            Formula = formula,
            NumSubjLthrAbs = 1,
            NumSubjLthrRel = 0,
        };
}
