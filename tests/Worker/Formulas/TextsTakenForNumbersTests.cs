using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;

namespace HpcFit.Worker.Tests.Formulas;

public class TextsTakenForNumbersTests
{
    private static readonly CohortTable Cohort = new(
        "cohort.csv",
        [
            new TextColumn("Age", ["11", "n/a", "9", "8.5", "12", "7"]),
            new TextColumn("sex", ["M", "F", "M", "F", "M", "F"]),
            new NumericColumn("w", [1, 1, 1, 1, 1, 1], true),
        ]
    );

    [Theory]
    [InlineData("y ~ Age")]
    [InlineData("y ~ sex:Age")]
    [InlineData("y ~ .")]
    [InlineData("y ~ poly(Age, 2)")]
    [InlineData("y ~ I(Age > 9)")]
    [InlineData("y ~ log(Age) + sex")]
    [InlineData("y ~ s(Age)")]
    [InlineData("y ~ s(w, by = Age)")]
    [InlineData("y ~ w + offset(Age)")]
    [InlineData("I(y / Age) ~ w")]
    public void A_column_that_is_text_for_a_few_cells_is_refused_where_it_is_used(string formula) =>
        Should.Throw<BadInputException>(() => Bind(formula)).Message.ShouldContain("column 'Age' is text because of 'n/a' (row 2)");

    [Fact]
    public void So_it_is_as_weights_and_in_derived_columns()
    {
        Should.Throw<BadInputException>(() => Bind("y ~ sex", new() { WeightsColumn = "Age" })).Message.ShouldContain("--na-strings 'n/a'");
        Should.Throw<BadInputException>(() => DerivedColumns.Add(Cohort, ["Age2=Age^2"])).Message.ShouldContain("--na-strings 'n/a'");
    }

    [Theory]
    [InlineData("y ~ sex")]
    [InlineData("y ~ as.numeric(Age)")]
    [InlineData("y ~ factor(Age)")]
    [InlineData("y ~ I(Age == \"9\")")]
    public void A_column_that_is_unused_or_converted_is_accepted(string formula) => Bind(formula);

    [Fact]
    public void Cells_that_become_missing_are_named()
    {
        const string Words = "as.numeric(Age): not a number, and therefore missing: 'n/a' (row 2).";
        Bind("y ~ log(as.numeric(Age)) + sex").Warnings.ShouldBe([Words]);
        List<string> warnings = [];
        DerivedColumns
            .Add(Cohort, ["Age=as.numeric(Age)", "Age2=Age^2"], warnings)
            .Get("Age2")
            .ShouldBeOfType<NumericColumn>()
            .Values[1]
            .ShouldBe(double.NaN);
        warnings.ShouldBe([Words]);
    }

    private static ModelDesign Bind(string formula, DesignOptions? options = null) =>
        ModelDesign.Create(Formula.Parse(formula), Cohort, ["y"], "y", options ?? new());
}
