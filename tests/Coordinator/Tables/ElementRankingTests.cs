using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tables.Ranking;

namespace HpcFit.Coordinator.Tests.Tables;

/// <summary>The strongest elements.</summary>
public sealed class ElementRankingTests
{
    [Theory]
    [InlineData("Ascending", null, null, 3, "5 1 2", 7, 7)]
    [InlineData("Descending", null, null, 3, "6 4 3", 7, 7)]
    [InlineData("Magnitude", null, null, 4, "6 5 4 1", 7, 7)]
    [InlineData("Ascending", 0.5, null, 20, "5 1 2 7", 7, 4)]
    [InlineData("Ascending", 0.5, -2.0, 20, "2 7", 7, 2)]
    [InlineData("Magnitude", null, 1.0, 20, "6 5 4 1", 7, 4)]
    [InlineData("Descending", null, 5.0, 20, "6", 7, 1)]
    [InlineData("Ascending", -50.0, null, 20, "", 7, 0)]
    public void Ties_keep_the_order_of_elements_and_missing_values_are_not_listed(
        string order,
        double? below,
        double? above,
        int limit,
        string rows,
        long withValue,
        long passing
    )
    {
        using var file = new ResultFile([("t", [double.NaN, -2, 0.25, 1, 3, -4, double.PositiveInfinity, 0.25, double.NaN])]);
        using var table = file.Open();
        var found = new ElementRanking(Enum.Parse<RowOrder>(order), below, above).Rank(table, table.Results[0], null, limit, default);
        string.Join(' ', found.Rows).ShouldBe(rows);
        found.WithValue.ShouldBe(withValue);
        found.Passing.ShouldBe(passing);
    }

    [Fact]
    public void A_ranking_equals_a_stable_sort_of_all_values_across_pieces()
    {
        var random = new Random(3);
        double[] values =
        [
            .. Enumerable.Range(0, 3 * RowPieces.Size / 2).Select(_ => random.Next(10) == 0 ? double.NaN : random.Next(400) / 400.0),
        ];
        using var file = new ResultFile([("p.value", values)]);
        using var table = file.Open();
        var found = new ElementRanking(RowOrder.Ascending, 0.9, null).Rank(table, table.Results[0], null, 5000, default);
        var expected = Enumerable.Range(0, values.Length).Where(row => values[row] < 0.9).OrderBy(row => values[row]).ToList();
        found.Rows.ShouldBe(expected.Take(5000));
        found.Passing.ShouldBe(expected.Count);
    }

    [Theory]
    [InlineData("Age.p.value.fwe", "2 1 3 0")]
    [InlineData("Age.p.value.perm.tfce", "0 3 1 2")]
    [InlineData("Age.p.value.fdr", "0 1 2 3")]
    public void Equal_p_values_of_permutations_are_ordered_by_their_statistic(string by, string rows)
    {
        using var file = new ResultFile([
            ("Age.z", [1, 3, -4, 2, 9]),
            ("Age.tfce", [40, 20, 10, -30, 9]),
            (by, [0.01, 0.01, 0.01, 0.01, 0.02]),
        ]);
        using var table = file.Open();
        var key = (NumberColumn)table.Find(by);
        var found = new ElementRanking(RowOrder.Ascending, null, null).Rank(table, key, TermColumns.ForTies(table, key), 4, default);
        string.Join(' ', found.Rows).ShouldBe(rows);
    }

    /// <summary>Whatever its size, a statistic of the side that is not tested is no reason to be listed first.</summary>
    [Theory]
    [InlineData("greater", "1 3 0 2")]
    [InlineData("less", "2 0 1 3")]
    [InlineData("two-sided", "2 1 3 0")]
    public void Equal_p_values_of_one_side_are_ordered_by_the_statistic_on_that_side(string side, string rows)
    {
        using var file = new ResultFile(
            [("Age.z", [1, 3, -4, 2]), ("Age.p.value.fwe", [1, 1, 1, 1])],
            ResultFile.Sides(("sex", "greater"), ("Age", side))
        );
        using var table = file.Open();
        var key = (NumberColumn)table.Find("Age.p.value.fwe");
        var found = new ElementRanking(RowOrder.Ascending, null, null).Rank(table, key, TermColumns.ForTies(table, key), 4, default);
        string.Join(' ', found.Rows).ShouldBe(rows);
    }

    [Theory]
    [InlineData("Intercept.p.value.fdr,Age.estimate,Age.p.value,Age.p.value.holm,sex.p.value.fdr", "Age.p.value.holm")]
    [InlineData("Intercept.p.value,Intercept.p.value.fdr,Age.p.value,model.p.value", "Age.p.value")]
    [InlineData("s_Age.edf,s_Age.p.value,s_Age.p.value.fdr,Intercept.p.value.fdr", "s_Age.p.value.fdr")]
    [InlineData("Intercept.p.value,model.p.value,model.p.value.fdr", "model.p.value.fdr")]
    [InlineData("Age.p.value,Age.p.value.fdr,old.p.value.fdr,old.p.value.fwe,old.p.value.fwe.cfe", "old.p.value.fwe.cfe")]
    [InlineData("Age.p.value.fdr,Age.p.value.fwe.neglog10,Age.p.value.perm", "Age.p.value.fdr")]
    public void Without_a_column_the_first_effect_ranks_the_elements(string columns, string expected)
    {
        using var file = new ResultFile([.. columns.Split(',').Select(name => (name, new[] { 1.0 }))]);
        using var table = file.Open();
        TermColumns.ForRanking(table).Name.ShouldBe(expected);
    }

    [Fact]
    public void The_statistics_of_the_ranking_term_are_shown()
    {
        string[] names =
        [
            "element_id",
            "Age.estimate",
            "Age.p.value",
            "Age2.p.value",
            "I(Age^2).p.value",
            "Age.p.value.fdr",
            "Age.p.value.neglog10",
            "model.p.value",
        ];
        using var file = new ResultFile([.. names.Select(name => (name, new[] { 0.0 }))]);
        using var table = file.Open();
        string Shown(string by) => string.Join(' ', TermColumns.Around(table, table.Find(by)).Select(column => column.Name));
        Shown("Age.p.value.fdr").ShouldBe("element_id Age.estimate Age.p.value Age.p.value.fdr Age.p.value.neglog10");
        Shown("I(Age^2).p.value").ShouldBe("element_id I(Age^2).p.value");
        Shown("element_id").ShouldBe("element_id");
    }

    [Theory]
    [InlineData("Age.p.value", true)]
    [InlineData("Age.p.value.bonferroni", true)]
    [InlineData("Age.p.value.neglog10", false)]
    [InlineData("Age.statistic", false)]
    [InlineData("p.value", true)]
    [InlineData("p.values", false)]
    public void Smaller_is_stronger_for_p_values_and_their_corrections(string column, bool expected) =>
        StatisticName.FromColumn(column).IsPValue.ShouldBe(expected);
}
