using HpcFit.Shared.Cohort;

namespace HpcFit.Shared.Tests.Cohort;

public sealed class NearlyNumericColumnTests
{
    [Fact]
    public void Column_cells_rows_and_ways_out_are_named()
    {
        var message = Of("11.5", "n/a", "8", "", "9.25", "n/a", "-", null, "1e1").ShouldNotBeNull().AsError().Message;
        message.ShouldContain("'n/a' (row 2, 6), '-' (row 7); the other 4 cells are numbers");
        message.ShouldContain("--na-strings 'n/a,-'");
        message.ShouldContain("--column 'Age=as.numeric(Age)'");
    }

    [Fact]
    public void Row_numbers_are_those_of_the_cohort_file() =>
        NearlyNumericColumn
            .Find(Table("11.5", "#N/A", "8").Take([2, 1, 0]), "Age")
            .ShouldNotBeNull()
            .AsError()
            .Message.ShouldContain("'#N/A' (row 2)");

    [Theory]
    [InlineData("11,49", "8,2", "9,1")]
    [InlineData("12 %", "8 %", "9 %")]
    [InlineData("1,234.5", "88", "1,000.0")]
    [InlineData("<5", "8", "9")]
    public void Numbers_that_R_does_not_read_are_to_be_written_otherwise(params string[] cells) =>
        Of(cells).ShouldNotBeNull().AsError().Message.ShouldContain("with a decimal point");

    [Theory]
    [InlineData("1", "2", "3", "3T", "1", "2")]
    [InlineData("M", "F", "M")]
    [InlineData("2020-01-02", "2020-03-04")]
    [InlineData("a1", "b2", "7")]
    [InlineData("", "  ", "")]
    [InlineData("n/a", "n/a", "3")]
    public void Categories_stay_texts(params string[] cells) => Of(cells).ShouldBeNull();

    [Fact]
    public void Columns_with_many_levels_are_not_categories() =>
        Of([.. Enumerable.Range(1, 12).Select(age => $"{age}"), "twelve"])
            .ShouldNotBeNull()
            .AsError()
            .Message.ShouldContain("factor with 13 levels");

    [Fact]
    public void Cells_that_a_conversion_makes_missing_are_named()
    {
        NearlyNumericColumn
            .Coerced(Table("1", "x", "2", "x", "y"), "Age")
            .ShouldBe("as.numeric(Age): not a number, and therefore missing: 'x' (row 2, 4), 'y' (row 5).");
        NearlyNumericColumn.Coerced(Table("1", null, ""), "Age").ShouldBeNull();
    }

    private static NearlyNumericColumn? Of(params string?[] cells) => NearlyNumericColumn.Find(Table(cells), "Age");

    private static CohortTable Table(params string?[] cells) => new("cohort.csv", [new TextColumn("Age", cells)]);
}
