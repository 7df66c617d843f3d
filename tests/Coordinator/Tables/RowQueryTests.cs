using HpcFit.Coordinator.Tables.Queries;
using HpcFit.Coordinator.Tables.Ranking;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Tables;

/// <summary>Expressions over result columns, with R's precedences and missing values.</summary>
public sealed class RowQueryTests : IDisposable
{
    private readonly ResultFile _file = new(
        [
            ("element_id", [0, 1, 2, 3, 4, 5]),
            ("Age.p.value", [0.01, double.NaN, 0.2, 0.01, 1, 0]),
            ("Age.estimate", [-3, 1, 2, 0.5, double.PositiveInfinity, -2]),
            ("Age:sexM.p.value", [1, 2, 3, 4, 5, 6]),
            ("poly(Age, 2)1.estimate", [6, 5, 4, 3, 2, 1]),
        ],
        ResultFile.Statuses(0, 1, 0, 2, 0, 0)
    );

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData("Age.p.value < 0.05", "0 3 5")]
    [InlineData("Age.p.value <= .01", "0 3 5")]
    [InlineData("Age.p.value >= 2e-1", "2 4")]
    [InlineData("Age.p.value == 0.01 & Age.estimate > 0", "3")]
    [InlineData("Age.p.value == 0.01 && Age.estimate > 0", "3")]
    [InlineData("Age.estimate > 0 | Age.p.value == 0", "1 2 3 4 5")]
    [InlineData("!(Age.p.value < 0.05)", "2 4")]
    [InlineData("! Age.p.value < 0.05 & Age.estimate > 1", "2 4")]
    [InlineData("is.na(Age.p.value)", "1")]
    [InlineData("!is.na(Age.p.value) & is.finite(Age.estimate)", "0 2 3 5")]
    [InlineData("Age.p.value != 0.01", "2 4 5")]
    [InlineData("abs(Age.estimate) > 1.5", "0 2 4 5")]
    [InlineData("-Age.estimate > 1.5", "0 5")]
    [InlineData("-2^2 == -4 & element_id == 3", "3")]
    [InlineData("2^-1 == 0.5 & element_id == 3", "3")]
    [InlineData("2^3^2 == 512 & element_id == 3", "3")]
    [InlineData("element_id * 2 + 1 == 7", "3")]
    [InlineData("12 / 3 / 2 == 2 & element_id == 0", "0")]
    [InlineData("10 - 3 - 2 == 5 & element_id == 0", "0")]
    [InlineData("log10(Age.p.value) < -1.9", "0 3 5")]
    [InlineData("`Age:sexM.p.value` > 4", "4 5")]
    [InlineData("`poly(Age, 2)1.estimate` > 4.5", "0 1")]
    [InlineData("Age.p.value < Inf | NA", "0 2 3 4 5")]
    [InlineData("Age.p.value > 5 & NA", "")]
    [InlineData("TRUE", "0 1 2 3 4 5")]
    [InlineData("element_status == 0", "0 2 4 5")]
    [InlineData("status == 'RankDeficient' | status == \"TooFewSubjects\"", "1 3")]
    [InlineData("status != \"Fitted\"", "1 3")]
    public void A_condition_selects_the_rows_in_which_it_is_true(string where, string rows)
    {
        using var table = _file.Open();
        string.Join(' ', new RowQuery { Where = where }.Execute(table, default)!).ShouldBe(rows);
    }

    [Theory]
    [InlineData("Age.p.value", "Ascending", "5 0 3 2 4 1")]
    [InlineData("Age.p.value", "Descending", "4 2 0 3 5 1")]
    [InlineData("abs(Age.estimate)", "Descending", "4 0 2 5 1 3")]
    [InlineData("Age:sexM.p.value", "Descending", "5 4 3 2 1 0")]
    [InlineData("status", "Ascending", "0 2 4 5 3 1")]
    [InlineData("status", "Descending", "1 3 0 2 4 5")]
    public void Rows_are_sorted_with_ties_in_element_order_and_missing_values_last(string sort, string order, string rows)
    {
        using var table = _file.Open();
        string.Join(' ', new RowQuery { Sort = sort, Order = Enum.Parse<RowOrder>(order) }.Execute(table, default)!).ShouldBe(rows);
    }

    [Theory]
    [InlineData("Agee.p.value < 1", "Did you mean 'Age.p.value'", 0, 12)]
    [InlineData("Age.p.value <", "ends where a column", 13, 1)]
    [InlineData("Age.estimate", "A condition was expected", 0, 12)]
    [InlineData("(Age.estimate > 1", "closing bracket", 17, 1)]
    [InlineData("Age.estimate = 1", "Equality is written ==", 13, 1)]
    [InlineData("Age:sexM.p.value < 1", "in backticks", 3, 1)]
    [InlineData("poly(Age, 2)1.estimate < 1", "no function 'poly'", 0, 4)]
    [InlineData("0 < Age.p.value < 1", "Two comparisons", 16, 1)]
    [InlineData("status > 1", "A text is compared with a number", 7, 1)]
    [InlineData("status == 'Fitted' & Age.estimate", "A condition was expected here", 21, 12)]
    [InlineData("abs(status) > 1", "not a text", 4, 6)]
    [InlineData("Age.p.value < 'x", "quote", 14, 1)]
    [InlineData("Age.p.value < 1 Age.estimate > 2", "operator is missing", 16, 12)]
    [InlineData("Age.p.value # 1", "no meaning", 12, 1)]
    [InlineData("x_mm > 1", "no table that locates", 0, 4)]
    [InlineData("", "ends where a column", 0, 1)]
    public void A_mistake_is_shown_with_its_position(string where, string problem, int start, int width)
    {
        using var table = _file.Open();
        var message = Should.Throw<BadInputException>(() => new RowQuery { Where = where }.Execute(table, default)).Message;
        message.ShouldContain(problem);
        message.Split('\n')[^1].ShouldBe("  " + new string(' ', start) + new string('^', width), message);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        using var table = _file.Open();
        var where = new string('(', 50_000) + "TRUE";
        Should.Throw<BadInputException>(() => new RowQuery { Where = where }.Execute(table, default)).Message.ShouldContain("nested");
    }
}
