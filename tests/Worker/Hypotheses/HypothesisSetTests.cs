using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Tests.Hypotheses;

public sealed class HypothesisSetTests
{
    private static readonly CohortTable Cohort = new(
        "cohort.csv",
        [
            new TextColumn("site", [.. Enumerable.Range(0, 24).Select(i => $"{(char)('a' + (i % 3))}")]),
            new TextColumn("sex", [.. Enumerable.Range(0, 24).Select(i => i / 3 % 2 == 0 ? "F" : "M")]),
            new NumericColumn("Age", [.. Enumerable.Range(0, 24).Select(i => (i * 7 % 24) + 0.5)], false),
        ]
    );

    [Fact]
    public void Type_two_tests_terms_without_those_that_contain_them()
    {
        var hypotheses = Create(
            "y ~ site*sex + Age",
            new() { FTests = ["site", "site, site:sex", "sex:site", "all: site, sex, site:sex"] }
        );
        hypotheses.Select(one => one.Name).ShouldBe(["site", "site+site:sex", "sex:site", "all"]);
        hypotheses
            .Select(one => one.TestedColumns!.ToArray())
            .ShouldBe([
                [1, 2],
                [1, 2, 5, 6],
                [5, 6],
                [1, 2, 3, 5, 6],
            ]);
        hypotheses
            .Select(one => one.ExcludedColumns.ToArray())
            .ShouldBe([
                [5, 6],
                [],
                [],
                [],
            ]);
    }

    [Fact]
    public void Type_three_depends_on_no_coding()
    {
        var spec = new HypothesisSpec { FTests = ["site", "sex"], AnovaType = HypothesisSpec.TypeThree };
        var treatment = Create("y ~ site*sex + Age", spec);
        // The main effect of site: the differences of its levels, averaged over the two sexes.
        treatment[0]
            .Rows.ShouldBe([
                [0, 1, 0, 0, 0, 0.5, 0],
                [0, 0, 1, 0, 0, 0, 0.5],
            ]);
        treatment[1]
            .Rows[0]
            .Select(weight => Math.Round(weight, 12))
            .ShouldBe([0, 0, 0, 1, 0, Math.Round(1 / 3.0, 12), Math.Round(1 / 3.0, 12)]);
        Create("y ~ site*sex + Age", spec, new() { ["site"] = "contr.sum", ["sex"] = "contr.sum" })[0].TestedColumns.ShouldBe([1, 2]);
        Create("y ~ site + sex", spec, new() { ["site"] = "contr.helmert" })[0].TestedColumns.ShouldBe([1, 2]);
    }

    [Fact]
    public void Full_outputs_add_the_terms_with_several_columns()
    {
        var design = Design("y ~ site + sex + poly(Age, 2)", []);
        HypothesisSet
            .Create(
                new()
                {
                    Engine = "lm",
                    FullOutputs = true,
                    Hypotheses = new() { FTests = ["poly(Age, 2)"] },
                },
                design
            )
            .Select(one => one.Name)
            .ShouldBe(["poly(Age, 2)", "site"]);
        HypothesisSet.Create(new() { Engine = "lm", FullOutputs = true }, design).ShouldBeEmpty();
    }

    [Fact]
    public void Contrasts_are_tested_together_and_differences_of_levels_are_recognised()
    {
        var hypotheses = Create(
            "y ~ site + Age",
            new()
            {
                Contrasts =
                [
                    ContrastSpec.Parse("c-b: sitec - siteb", "--contrast"),
                    ContrastSpec.Parse("b: siteb", "--contrast"),
                    new("mean", null, null, [1, 1.0 / 3, 1.0 / 3, 0]),
                    new("age", null, ["Age"], [2]),
                ],
                FTests = ["any: c-b, b"],
            }
        );
        hypotheses.Select(one => one.IsLevelDifference).ShouldBe([true, true, false, false, false]);
        hypotheses[4].TestedColumns.ShouldBe([1, 2]);
        hypotheses[3].Rows[0].ShouldBe([0, 0, 0, 2]);
    }

    /// <summary>Names of contrasts with commas, as files of contrasts have them, are written in backticks.</summary>
    [Theory]
    [InlineData("a,b", "any: `a,b`, c")]
    [InlineData("b (vs, a", "any: c, `b (vs, a`")]
    [InlineData("plain", "any: `plain`,`c`")]
    public void Contrasts_in_backticks_are_found(string name, string test)
    {
        var contrasts = new List<ContrastSpec> { new(name, "siteb"), new("c", "sitec") };
        var tests = Create("y ~ site + Age", new() { Contrasts = contrasts, FTests = [test] });
        tests[2].Name.ShouldBe("any");
        tests[2].TestedColumns.ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData("Age: siteb", "", "the name of a coefficient")]
    [InlineData("site: siteb", "", "the name of a term")]
    [InlineData("x: siteb", "x, site", "names terms and contrasts")]
    [InlineData("x: siteb", "sites", "'sites' is not a term or contrast of the model. Did you mean 'site'")]
    [InlineData("a,b: siteb", "any: a,b", "'a' is not a term or contrast of the model. The contrast 'a,b' has a comma in its name")]
    [InlineData("x: siteb", "`Age, site", "'`Age, site' is not a term or contrast")]
    [InlineData("x: siteb", ",", "names no term")]
    [InlineData("x: siteb", "Age, ", "'Age, ' has a comma with nothing before or after it")]
    [InlineData("x: siteb", ", Age", "expected, here 'Age'")]
    [InlineData("x: siteb", "all: Age,, site", "expected, here 'Age, site'")]
    public void Names_that_are_unknown_or_taken_are_refused(string contrast, string test, string message) =>
        Should
            .Throw<BadInputException>(() =>
                Create(
                    "y ~ site + Age",
                    new() { Contrasts = [ContrastSpec.Parse(contrast, "--contrast")], FTests = test.Length > 0 ? [test] : [] }
                )
            )
            .Message.ShouldContain(message);

    [Theory]
    [InlineData(
        null,
        new double[] { 0, 1 },
        "line 4: the contrast 'x' has 2 weights (0 1), and the model 4 coefficients: (Intercept), siteb"
    )]
    [InlineData("Agee", new[] { 0.5 }, "line 4: the contrast 'x' has the weight 0.5 for 'Agee', which is not a coefficient of the model")]
    [InlineData("Age", new double[] { 0 }, "line 4: the contrast 'x' has no weight but 0")]
    public void Errors_about_weights_name_the_file_and_its_line(string? coefficient, double[] weights, string message)
    {
        var contrast = new ContrastSpec("x", null, coefficient is null ? null : [coefficient], weights) { Origin = "'c.csv', line 4" };
        Should
            .Throw<BadInputException>(() => Create("y ~ site + Age", new() { Contrasts = [contrast] }))
            .Message.ShouldStartWith($"--contrasts-file 'c.csv', {message}");
        Should
            .Throw<BadInputException>(() => Create("y ~ site + Age", new() { Contrasts = [contrast with { Origin = null }] }))
            .Message.ShouldStartWith("The contrast 'x' has ");
    }

    private static IReadOnlyList<Hypothesis> Create(string formula, HypothesisSpec spec, Dictionary<string, string>? contrasts = null) =>
        HypothesisSet.Create(new() { Engine = "lm", Hypotheses = spec }, Design(formula, contrasts ?? []));

    private static ModelDesign Design(string formula, Dictionary<string, string> contrasts) =>
        ModelDesign.Create(Formula.Parse(formula), Cohort, ["y"], "y", new() { Contrasts = contrasts });
}
