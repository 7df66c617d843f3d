using System.Runtime.CompilerServices;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Summaries;

namespace HpcFit.Worker.Tests.Summaries;

/// <summary>One element's summary compared with R's output for the same data (recorded/record.R).</summary>
public sealed class ElementSummaryTests
{
    [Fact]
    public void A_linear_model_reads_as_R_prints_it() => Lines("lm", "FDC~Age+sex+motion").ShouldBe(Recorded("lm.txt"));

    [Fact]
    public void Weights_and_an_aliased_coefficient_are_reported_as_in_R() =>
        Lines("lm", "FDC ~ Age + Age2x + sex", weights: "w").ShouldBe(Recorded("lm_weighted.txt"));

    [Fact]
    public void Rows_of_weight_0_are_residuals_of_0_and_not_missing() =>
        Lines("lm", "FDC ~ Age + sex", weights: "zero").ShouldBe(Recorded("lm_zero_weights.txt"));

    [Fact]
    public void With_five_degrees_of_freedom_every_residual_is_printed() =>
        Lines("lm", "FA~Age+sex+motion+site", id: 3, file: "masked").ShouldBe(Recorded("lm_few_degrees.txt"));

    [Fact]
    public void The_rank_of_an_additive_model_with_dependent_columns_is_reported() =>
        Lines("gam", "FDC ~ s(Age,k=4)+sex+motion+I(2*motion)", id: 21).ShouldBe(Recorded("gam_rank.txt"));

    [Fact]
    public void Aliased_predictors_are_reported_with_the_summary()
    {
        List<string> warnings = [];
        Lines("lm", "FDC ~ Age + I(12 * Age)", warnings: warnings).ShouldContain("Coefficients: (1 not defined because of singularities)");
        warnings.ShouldHaveSingleItem().ShouldContain("I(12 * Age) is a linear combination of Age among the 64 subjects used");
    }

    [Fact]
    public void Contrasts_tests_and_effect_sizes_follow_the_coefficients()
    {
        var lines = Lines(
            "lm",
            "FA ~ Age + site",
            file: "masked",
            id: 3,
            hypotheses: new()
            {
                Contrasts = [new("C-B", "siteC - siteB")],
                FTests = ["site", "all: Age, site"],
                EffectSizes = true,
                StandardErrors = "HC3",
            }
        );
        lines.ShouldContain("Standard errors: heteroscedasticity-consistent (HC3)");
        After("Contrasts:").ShouldStartWith("C-B ");
        After("F tests:").ShouldStartWith("site ");
        After("Confidence intervals and effect sizes:").ShouldStartWith("(Intercept) ");
        lines.ShouldContain(line => line.StartsWith("all ", StringComparison.Ordinal));
        Lines("lm", "FA ~ Age + site", file: "masked", id: 3).ShouldNotContain("F tests:");

        string After(string title) => lines[lines.ToList().IndexOf(title) + 2];
    }

    [Theory]
    [InlineData("gam", "FDC ~ s(Age,k=4)+sex+motion")]
    [InlineData("gamm", "FDC ~ s(Age,k=4)+sex+motion + (1 | site)")]
    [InlineData("lmm", "FDC ~ Age+sex+motion + (1 | site)")]
    public void Effect_sizes_of_every_model_are_a_table(string engine, string formula)
    {
        List<string> warnings = [];
        var lines = Lines(
            engine,
            formula,
            id: 21,
            hypotheses: new() { EffectSizes = true, AnovaType = HypothesisSpec.TypeThree },
            mixed: engine == "gam" ? null : new() { ConfLevel = 0.9 },
            warnings: warnings
        );
        var table = lines.SkipWhile(line => line != "Confidence intervals and effect sizes:").Skip(1).ToList();
        table[0].ShouldMatch("conf.low +conf.high +partial.r");
        table.ShouldContain(line => line.StartsWith("sexM ", StringComparison.Ordinal));
        warnings.ShouldNotContain(warning => engine != "gam" && warning.Contains("--anova-type"));
    }

    [Fact]
    public void The_parametric_terms_of_an_additive_model_are_tested()
    {
        var lines = Lines("gam", "FDC ~ s(Age,k=4)+sex+motion", id: 21, hypotheses: new() { FTests = ["sex"] });
        lines[lines.ToList().IndexOf("F tests:") + 2].ShouldStartWith("sex ");
    }

    [Fact]
    public void An_additive_model_reads_as_mgcv_prints_it() =>
        Lines("gam", "FDC ~ s(Age,k=4)+sex+motion", id: 21).ShouldBe(Recorded("gam.txt"));

    [Fact]
    public void An_element_that_is_not_there_is_refused_by_its_number() =>
        Should.Throw<BadInputException>(() => Lines("lm", "FDC ~ Age", id: 150)).Message.ShouldContain("--id is 151");

    [Fact]
    public void An_element_without_a_fit_is_refused_with_what_to_do() =>
        Should
            .Throw<BadInputException>(() =>
                Lines("glm", "as.numeric(0 * FDC + Age > 15) ~ Age", family: FamilySpec.Parse("binomial", null))
            )
            .Message.ShouldContain("its status is 15, Separation. A predictor separates the responses");

    [Theory]
    [InlineData(4, new[] { 123456.0, 0.5 }, new[] { "123456.0", "0.5" })]
    [InlineData(4, new[] { 1e-10, 2.5e-9 }, new[] { "1.0e-10", "2.5e-09" })]
    [InlineData(4, new[] { 0.0, double.NaN }, new[] { "0", "NA" })]
    public void Numbers_share_a_notation_as_in_R(int digits, double[] values, string[] texts) =>
        StatisticText.Together(values, digits).ShouldBe(texts);

    [Theory]
    [InlineData(3, new[] { 1e-20 }, new[] { "<2e-16" })]
    [InlineData(3, new[] { 1e-20, 3.861e-11 }, new[] { "< 2e-16", "3.86e-11" })]
    [InlineData(4, new[] { 1e-20 }, new[] { "< 2.2e-16" })]
    public void Tiny_p_values_are_bounds_as_in_R(int digits, double[] values, string[] texts) =>
        StatisticText.PValues(values, digits).ShouldBe(texts);

    /// <summary>What R prints, without the title above it; elements by their id, which is counted from 0.</summary>
    private static IReadOnlyList<string> Lines(
        string engine,
        string formula,
        long id = 7,
        string? weights = null,
        string file = "clean",
        List<string>? warnings = null,
        HypothesisSpec? hypotheses = null,
        MixedSpec? mixed = null,
        FamilySpec? family = null
    ) =>
        [
            .. ElementSummary
                .Lines(
                    new()
                    {
                        Model = new()
                        {
                            Engine = engine,
                            Formula = formula,
                            Weights = weights,
                            NumSubjLthrAbs = 10,
                            NumSubjLthrRel = 0,
                            Hypotheses = hypotheses,
                            Gam = engine is "gam" or "gamm" ? new() { Method = "REML" } : null,
                            Mixed = mixed,
                            Family = family,
                        },
                        Data =
                        [
                            new(
                                Here("..", "..", "Data", "oracle", "data", file + ".h5"),
                                Here("..", "..", "Data", "oracle", "data", file + ".csv")
                            ),
                        ],
                        Cohort = new() { CheckNames = true, DerivedColumns = ["zero=as.numeric(Age > 15)"] },
                    },
                    id + 1,
                    warn: warning => warnings?.Add(warning)
                )
                .Skip(1),
        ];

    private static string[] Recorded(string file) => File.ReadAllLines(Here("recorded", file));

    private static string Here(params string[] parts) => Path.GetFullPath(Path.Combine([Folder(), .. parts]));

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
