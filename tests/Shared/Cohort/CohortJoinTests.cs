using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Tests.Cohort;

public sealed class CohortJoinTests
{
    private readonly CohortPart _thick = new(
        "thick",
        new(
            "a.csv",
            [
                new TextColumn("id", ["x", "y", "z"]),
                new TextColumn("source_file", ["tx", "ty", "tz"]),
                new NumericColumn("age", [1, 2, 3], true),
                new NumericColumn("motion", [7, 8, 9], true),
            ]
        )
    );

    private readonly CohortPart _curv = new(
        "curv",
        new(
            "b.csv",
            [
                new TextColumn("source_file", ["cz", "cw", "cx"]),
                new TextColumn("id", ["z", "w", "x"]),
                new NumericColumn("age", [3, 4, 1], true),
                new NumericColumn("motion", [70, 80, 90], true),
                new LogicalColumn("blood", [1, 0, double.NaN]),
            ]
        )
    );

    [Fact]
    public void Rows_are_those_in_all_cohorts_in_the_leading_ones_order()
    {
        var joined = CohortJoin.Inner([_thick, _curv], ["id"], "thick");
        joined
            .Table.Columns.Select(column => column.Name)
            .ShouldBe(
                ["id", "source_file", "source_file.curv", "source_file.thick", "age", "motion.curv", "motion.thick", "blood"],
                ignoreOrder: true
            );
        Texts(joined, "id").ShouldBe(["x", "z"]);
        Texts(joined, "source_file").ShouldBe(["tx", "tz"]);
        Texts(joined, "source_file.curv").ShouldBe(["cx", "cz"]);
        Numbers(joined, "age").ShouldBe([1, 3]);
        Numbers(joined, "motion.thick").ShouldBe([7, 9]);
        Numbers(joined, "motion.curv").ShouldBe([90, 70]);
        joined.SourcesOf["curv"].ShouldBe(["cx", "cz"]);
    }

    [Fact]
    public void The_order_in_which_files_are_given_changes_nothing()
    {
        var (one, other) = (CohortJoin.Inner([_thick, _curv], ["id"], "curv"), CohortJoin.Inner([_curv, _thick], ["id"], "curv"));
        one.Table.Columns.Select(column => Convert.ToHexString(column.ToCanonicalBytes()))
            .ShouldBe(other.Table.Columns.Select(column => Convert.ToHexString(column.ToCanonicalBytes())));
        Texts(one, "id").ShouldBe(["z", "x"]);
    }

    [Fact]
    public void Keys_that_are_missing_or_come_twice_are_refused()
    {
        var twice = _curv with { Table = _curv.Table.With(new TextColumn("id", ["z", "z", "x"])) };
        Should
            .Throw<BadInputException>(() => CohortJoin.Inner([_thick, twice], ["id"], "thick"))
            .Message.ShouldContain("rows 1 and 2 are both id 'z'");
        var missing = _curv with { Table = _curv.Table.With(new TextColumn("id", ["z", null, "x"])) };
        Should
            .Throw<BadInputException>(() => CohortJoin.Inner([_thick, missing], ["id"], "thick"))
            .Message.ShouldContain("row 2: 'id' is missing");
        CohortJoin.Inner([_thick, twice], ["id", "age"], "thick").Table.Rows.ShouldBe(2);
    }

    private static string?[] Texts(JoinedCohort joined, string name) => ((TextColumn)joined.Table.Get(name)).Values;

    private static double[] Numbers(JoinedCohort joined, string name) => ((NumericColumn)joined.Table.Get(name)).Values;
}
