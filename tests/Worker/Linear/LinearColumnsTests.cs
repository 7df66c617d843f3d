using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Linear;

namespace HpcFit.Worker.Tests.Linear;

public sealed class LinearColumnsTests
{
    private static readonly ModelSpec Plain = new() { Engine = "lm", Formula = "FDC ~ Age" };

    [Fact]
    public void Defaults_are_ModelArrays() =>
        Names(Plain)
            .ShouldBe(
                "element_id,Intercept.estimate,Intercept.statistic,Intercept.p.value,Age.estimate,Age.statistic,Age.p.value,"
                    + "model.adj.r.squared,model.p.value,Intercept.p.value.fdr,Age.p.value.fdr,model.p.value.fdr"
            );

    [Fact]
    public void The_users_order_of_statistics_and_corrections_holds() =>
        Names(
                Plain with
                {
                    VarTerms = ["p.value", "estimate"],
                    VarModel = ["AIC", "p.value"],
                    CorrectPValueTerms = ["BH", "holm"],
                    CorrectPValueModel = ["BY"],
                }
            )
            .ShouldBe(
                "element_id,Intercept.p.value,Intercept.estimate,Age.p.value,Age.estimate,model.AIC,model.p.value,"
                    + "Intercept.p.value.BH,Age.p.value.BH,Intercept.p.value.holm,Age.p.value.holm,model.p.value.BY"
            );

    [Fact]
    public void A_correction_of_a_p_value_that_was_not_asked_for_makes_no_column() =>
        Names(Plain with { VarTerms = [], VarModel = ["nobs"] }).ShouldBe("element_id,model.nobs");

    [Fact]
    public void A_variable_with_the_name_of_the_models_columns_is_refused_with_what_to_do() =>
        Should
            .Throw<BadInputException>(() => LinearColumns.Create(Plain, ["(Intercept)", "model"]))
            .Message.ShouldSatisfyAllConditions(
                text => text.ShouldContain("'model.p.value'"),
                text => text.ShouldContain("--column 'NEW=OLD'")
            );

    [Fact]
    public void Requests_without_effect_are_reported()
    {
        Ineffective(Plain).ShouldBeEmpty();
        Ineffective(Plain with { FullOutputs = true, CorrectPValueTerms = ["holm"], Log10P = true }).ShouldBeEmpty();
        Ineffective(Plain with { FullOutputs = true, VarTerms = ["estimate"] })
            .ShouldHaveSingleItem()
            .ShouldStartWith("--var-terms has no effect: --full-outputs");
        Ineffective(Plain with { VarTerms = ["estimate"], CorrectPValueTerms = ["holm"] })
            .ShouldHaveSingleItem()
            .ShouldStartWith("--correct-p-value-terms has no effect: p.value is not among");
        Ineffective(Plain with { VarModel = [], CorrectPValueModel = ["holm"] })
            .ShouldHaveSingleItem()
            .ShouldEndWith("Add it to --var-model.");
        Ineffective(Plain with { VarTerms = ["estimate"], VarModel = ["AIC"], Log10P = true })
            .ShouldHaveSingleItem()
            .ShouldStartWith("--log10-p has no effect");

        static IEnumerable<string> Ineffective(ModelSpec spec) => LinearColumns.Create(spec, ["(Intercept)", "Age"]).Ineffective(spec);
    }

    [Fact]
    public void None_means_none() =>
        Names(Plain with { VarTerms = ["none"], VarModel = ["p.value"], CorrectPValueModel = ["none"] })
            .ShouldBe("element_id,model.p.value");

    [Fact]
    public void Logarithms_of_p_values_come_last() =>
        Names(Plain with { VarTerms = ["p.value"], VarModel = [], Log10P = true })
            .ShouldEndWith("Age.p.value.fdr,Intercept.p.value.neglog10,Age.p.value.neglog10");

    // The order of tidyr::pivot_wider, and of tibble::add_column(.after = the p-value) once per correction, with which ModelArray 0.1.5
    // builds its table.
    [Fact]
    public void The_released_ModelArray_orders_by_statistic_and_puts_corrections_behind_their_p_value()
    {
        Names(Plain with { ColumnOrder = "0.1.5" })
            .ShouldBe(
                "element_id,Intercept.estimate,Age.estimate,Intercept.statistic,Age.statistic,Intercept.p.value,Intercept.p.value.fdr,"
                    + "Age.p.value,Age.p.value.fdr,"
                    + "model.adj.r.squared,model.p.value,model.p.value.fdr"
            );
        Names(
                Plain with
                {
                    ColumnOrder = "0.1.5",
                    VarTerms = ["p.value", "estimate"],
                    VarModel = ["nobs"],
                    CorrectPValueTerms = ["BH", "holm"],
                    Log10P = true,
                }
            )
            .ShouldBe(
                "element_id,Intercept.p.value,Intercept.p.value.holm,Intercept.p.value.BH,Age.p.value,Age.p.value.holm,Age.p.value.BH,"
                    + "Intercept.estimate,Age.estimate,model.nobs,"
                    + "Intercept.p.value.neglog10,Age.p.value.neglog10"
            );
    }

    [Fact]
    public void The_columns_of_partials_do_not_depend_on_the_order() =>
        LinearColumns
            .Create(Plain with { ColumnOrder = "0.1.5" }, ["(Intercept)", "Age"])
            .Layout.PartialColumns.ShouldBe(LinearColumns.Create(Plain, ["(Intercept)", "Age"]).Layout.PartialColumns);

    [Fact]
    public void An_unknown_statistic_is_reported_with_the_nearest() =>
        Should.Throw<UsageException>(() => Names(Plain with { VarModel = ["adj.rsquared"] })).Message.ShouldContain("'adj.r.squared'");

    [Fact]
    public void An_unknown_correction_is_reported_with_the_known_ones() =>
        Should.Throw<UsageException>(() => Names(Plain with { CorrectPValueTerms = ["bonferoni"] })).Message.ShouldContain("'bonferroni'");

    private static string Names(ModelSpec spec) =>
        string.Join(',', LinearColumns.Create(spec, ["(Intercept)", "Age"]).Layout.Columns.Select(column => column.Name));
}
