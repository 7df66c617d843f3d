using HpcFit.Shared.Cohort;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Tests.Formulas;

/// <summary>What is reported about the subjects and variables of a formula.</summary>
public sealed class FrameSummaryTests
{
    private static readonly CohortTable Cohort = new(
        "cohort.csv",
        [
            new NumericColumn("Age", [10, 11.5, double.NaN, 13, 14, 15, 16, 17], IsInteger: false),
            new NumericColumn("group", [1, 2, 3, 1, 2, 3, 1, 2], IsInteger: true),
            new TextColumn("sex", ["F", "M", "F", null, "M", "M", "F", "F"]),
            new LogicalColumn("patient", [0, 0, 1, 1, 0, 1, 1, 0]),
            new FactorColumn("dose", [0, 1, 1, 0, 1, 0, 0, 1], ["low", "high", "never"], IsOrdered: true),
            new NumericColumn("w", [1, 1, 1, 1, 0, 2, 1, 1], IsInteger: true),
        ]
    );

    [Fact]
    public void Every_variable_has_a_line() =>
        Lines("FD ~ Age + sex + patient + dose + T1w")
            .ShouldBe([
                "subjects used: 6 of 8, 1 is missing Age, 1 is missing sex",
                "variable   Age      numeric, 10 to 17, 1 missing",
                "variable   sex      factor: F 3 (reference), M 3, 1 missing",
                "variable   patient  logical: FALSE 4 (reference), TRUE 2",
                "variable   dose     ordered factor (contr.poly): low 3, high 3",
                "variable   T1w      scalar, one value per subject and element",
            ]);

    [Fact]
    public void Factors_are_those_of_the_formula_and_other_expressions_those_of_their_columns() =>
        Lines("FD ~ relevel(factor(group), ref = '3') + log(Age - 11) + scale(w) + offset(0.1 * group)")
            .ShouldBe([
                "subjects used: 6 of 8, 1 is missing log(Age - 11), 1 is missing Age",
                "variable   relevel(factor(group), ref = \"3\")  factor: 3 1 (reference), 1 2, 2 3",
                "variable   Age    numeric, 11.5 to 17, 1 missing",
                "variable   w      numeric, 0 to 2",
                "variable   group  numeric (offset), 1 to 3",
            ]);

    [Theory]
    [InlineData("FD ~ 0 + sex", null, "factor: F 4, M 3, 1 missing")]
    [InlineData("FD ~ 0 + patient + sex", null, "factor: F 4 (reference), M 3, 1 missing")]
    [InlineData("FD ~ sex", "contr.sum", "factor (contr.sum): F 4, M 3, 1 missing")]
    [InlineData("FD ~ sex", "contr.SAS", "factor: F 4, M 3 (reference), 1 missing")]
    [InlineData("FD ~ sex", "contr.helmert", "factor (contr.helmert): F 4, M 3, 1 missing")]
    public void The_reference_is_that_of_the_coding(string formula, string? contrasts, string expected)
    {
        var options = contrasts is null
            ? new DesignOptions()
            : new() { Contrasts = new Dictionary<string, string> { ["sex"] = contrasts } };
        Lines(formula, options).Single(line => line.StartsWith("variable   sex", StringComparison.Ordinal)).ShouldEndWith("  " + expected);
    }

    [Fact]
    public void Subsets_and_weights_are_counted()
    {
        var frame = Frame("FD ~ Age + dose", new() { WeightsColumn = "w", Subset = "sex == 'M' | Age > 15" });
        (frame.SubjectsInCohort, frame.Selected, frame.Undecided, frame.Used, frame.ZeroWeights).ShouldBe((8, 5, 2, 5, 1));
        ModelFrameReport
            .Lines(frame with { SubjectsInFile = 10 })
            .ShouldBe([
                "subjects used: 5 of 8, 1 is excluded by --subset, --subset is missing (NA) for 2, 1 of those used has weight 0, "
                    + "the file has 2 more",
                "variable   Age   numeric, 11.5 to 17",
                "variable   dose  ordered factor (contr.poly): low 2, high 3",
                "variable   w     numeric (weights), 0 to 2",
            ]);
    }

    [Fact]
    public void A_subject_without_several_variables_is_counted_for_each()
    {
        var cohort = Cohort.With(new TextColumn("site", ["A", "B", null, "A", "B", "A", "B", "A"]));
        var frame = Frame("FD ~ Age + site", cohort: cohort);
        frame.Missing.ShouldBe([new("Age", 1), new("site", 1)]);
        ModelFrameReport
            .Lines(frame)
            .First()
            .ShouldBe("subjects used: 7 of 8, 1 is missing Age, 1 is missing site, some of them several variables");
    }

    [Fact]
    public void Identifiers_are_counted_and_not_listed()
    {
        var cohort = new CohortTable("c.csv", [new TextColumn("id", [.. Enumerable.Range(100, 120).Select(id => $"s{id}")])]);
        Frame("FD ~ id", cohort: cohort)
            .Variables.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                id => id.Levels.ShouldBeNull(),
                id => id.LevelCount.ShouldBe(120),
                id => id.Reference.ShouldBe("s100")
            );
        Lines("FD ~ id", cohort: cohort)[1].ShouldBe("variable   id  factor, 120 levels (reference s100)");
    }

    private static List<string> Lines(string formula, DesignOptions? options = null, CohortTable? cohort = null) =>
        [.. ModelFrameReport.Lines(Frame(formula, options, cohort))];

    private static ModelFrame Frame(string formula, DesignOptions? options = null, CohortTable? cohort = null) =>
        ModelDesign.Create(Formula.Parse(formula), cohort ?? Cohort, ["FD", "T1w"], "FD", options ?? new()).Frame;
}
