using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Tests.Formulas;

public class EvaluatorTests
{
    private static readonly CohortTable Cohort = new(
        "cohort.csv",
        [
            new NumericColumn("Age", [8, 10, double.NaN, 12], false),
            new TextColumn("sex", ["M", "F", "F", null]),
            new TextColumn("site", ["Site-2", "site_3", "Site 10", "Site-2"]),
        ]
    );

    private static CohortColumn Derive(string definition) => DerivedColumns.Add(Cohort, [definition]).Columns[^1];

    [Fact]
    public void Derived_columns_are_made_from_expressions()
    {
        var osex = Derive("osex=ordered(sex, levels=c(\"F\",\"M\"))").ShouldBeOfType<FactorColumn>();
        (osex.IsOrdered, osex.Levels, osex.Codes).ShouldBe((true, osex.Levels, osex.Codes));
        osex.Levels.ShouldBe(["F", "M"]);
        osex.Codes.ShouldBe([1, 0, 0, -1]);
        Derive("old = Age >= 10").ShouldBeOfType<LogicalColumn>().Values.ShouldBe([0, 1, double.NaN, 1]);
        // R 4.2.2: c(8, 10, NA, 12) - mean(c(8, 10, NA, 12), na.rm = TRUE), and the like.
        Derive("c=Age - mean(Age, na.rm=TRUE)").ShouldBeOfType<NumericColumn>().Values.ShouldBe([-2, 0, double.NaN, 2]);
        Derive("z=sd(Age, na.rm=TRUE) + median(Age, na.rm=TRUE)*c(1,1,1,1)")
            .ShouldBeOfType<NumericColumn>()
            .Values.ShouldBe([12, 12, 12, 12]);
        Derive("u=pmin(Age, 9) + pmax(Age, 11, 11.5)").ShouldBeOfType<NumericColumn>().Values.ShouldBe([19.5, 20.5, double.NaN, 21]);
        // R 4.2.2: ave(c(8, 10, 10, 12), site) and, without the missing age, ave(…, FUN = function(x) mean(x, na.rm = TRUE)).
        Derive("m=ave(ifelse(is.na(Age), 10, Age), site)").ShouldBeOfType<NumericColumn>().Values.ShouldBe([10, 10, 10, 10]);
        Derive("m=ave(Age, site, na.rm=TRUE)").ShouldBeOfType<NumericColumn>().Values.ShouldBe([10, 10, double.NaN, 10]);
        Derive("m=ave(Age, sex)").ShouldBeOfType<NumericColumn>().Values.ShouldBe([8, double.NaN, double.NaN, double.NaN]);
        Derive("m=ave(Age, sex, na.rm=TRUE)").ShouldBeOfType<NumericColumn>().Values.ShouldBe([8, 10, 10, double.NaN]);
        Derive("k=as.integer(Age/3)").ShouldBeOfType<NumericColumn>().Values.ShouldBe([2, 3, double.NaN, 4]);
    }

    [Theory]
    [InlineData("sex")]
    [InlineData("factor(Age)")]
    public void Groups_have_no_mean_of_a_factor(string variable) =>
        Should
            .Throw<HpcFitException>(() => Derive($"x_between=ave({variable}, site, na.rm=TRUE)"))
            .Message.ShouldStartWith($"--within-between {variable} (ave with na.rm=TRUE): '{variable}' is not numeric");

    [Theory]
    // R 4.2.2: round(c(...), digits)
    [InlineData("0.5, 1.5, 2.5, -0.5", 0, new[] { 0, 2, 2, -0.0 })]
    [InlineData("2.675, 0.15, 1.005, -2.345", 2, new[] { 2.67, 0.15, 1, -2.35 })]
    [InlineData("0.285, 5.015, 1234.5678, 2.5", 2, new[] { 0.28, 5.02, 1234.57, 2.5 })]
    [InlineData("0.15, 0.25, 0.35, 0.45", 1, new[] { 0.1, 0.2, 0.3, 0.4 })]
    public void Numbers_are_rounded_as_R_rounds_them(string numbers, int digits, double[] expected) =>
        Derive($"r=round(c({numbers}), {digits})").ShouldBeOfType<NumericColumn>().Values.ShouldBe(expected);

    [Fact]
    public void Signs_and_whole_parts_are_R_s()
    {
        Derive("s=sign(Age - 10)").ShouldBeOfType<NumericColumn>().Values.ShouldBe([-1, 0, double.NaN, 1]);
        Derive("t=trunc((Age - 10)*1.3)").ShouldBeOfType<NumericColumn>().Values.ShouldBe([-2, 0, double.NaN, 2]);
        Should.Throw<HpcFitException>(() => Derive("r=round(Age, 1.5)")).Message.ShouldContain("0 to 15 digits");
    }

    [Fact]
    public void Levels_are_sorted_as_R_sorts_them_in_a_UTF8_locale()
    {
        // R 4.2.2, ICU: levels(factor(c("Site-2", "site_3", "Site 10")))
        ((FactorColumn)Derive("f=factor(site)")).Levels.ShouldBe(["Site 10", "site_3", "Site-2"]);
        // R 4.2.2 under C.UTF-8: sort(c("a","B","A","b","site_3","Site-2","","Z","_x","é"))
        string[] words = ["a", "B", "A", "b", "site_3", "Site-2", "", "Z", "_x", "é"];
        words.Order(Collation.Instance).ShouldBe(["", "_x", "a", "A", "b", "B", "é", "site_3", "Site-2", "Z"]);
        // R 4.2.2: sort(rawToChar(as.raw(32:126), multiple = TRUE))
        string.Concat(Enumerable.Range(32, 95).Select(code => ((char)code).ToString()).Order(Collation.Instance))
            .ShouldBe(" _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ");
    }

    [Theory]
    [InlineData("n=Agee + 1", "Did you mean 'Age'")]
    [InlineData("n=lg(Age)", "Did you mean 'log'")]
    [InlineData("n=sex + 1", "not numeric")]
    [InlineData("n=relevel(sex, ref=\"F\")", "factor(sex)")]
    [InlineData("n=relevel(factor(sex), ref=\"X\")", "not a level")]
    [InlineData("n=poly(Age, 2)", "poly")]
    [InlineData("n=c(1, 2)", "2 values where there are 4 rows")]
    [InlineData("n=scale(Age, centre=TRUE)", "no argument 'centre'")]
    [InlineData("n=s(Age)", "smooth")]
    [InlineData("n=", "The text ends")]
    [InlineData("Age", "NAME=EXPRESSION")]
    [InlineData("source_file=Age", "cannot be replaced")]
    public void Wrong_expressions_are_reported(string definition, string message) =>
        Should.Throw<BadInputException>(() => Derive(definition)).Message.ShouldContain(message);

    [Fact]
    public void An_unknown_name_in_a_formula_is_shown_with_the_nearest_ones()
    {
        var message = Should
            .Throw<FormulaException>(() => ModelDesign.Create(Formula.Parse("FDC ~ Age + sexx"), Cohort, ["FDC", "T1w"], "FDC", new()))
            .Message;
        message.ShouldContain("'sexx' is neither a column of the cohort nor a scalar of the file. Did you mean 'sex'?");
        message.ShouldContain("            ^^^^");
        Should
            .Throw<FormulaException>(() => ModelDesign.Create(Formula.Parse("FDc ~ Age"), Cohort, ["FDC"], "FDC", new()))
            .Message.ShouldContain("FDC");
        Should
            .Throw<FormulaException>(() => ModelDesign.Create(Formula.Parse("FDC ~ FDC"), Cohort, ["FDC"], "FDC", new()))
            .Message.ShouldContain("predictor of itself");
    }
}
