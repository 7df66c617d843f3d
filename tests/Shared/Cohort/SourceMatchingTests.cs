using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Tests.Cohort;

public class SourceMatchingTests
{
    private static CohortTable Table(params string?[] sources) =>
        new(
            "c.csv",
            [
                new TextColumn("source_file", sources),
                new NumericColumn("Age", [.. Enumerable.Range(0, sources.Length).Select(i => (double)i)], true),
            ]
        );

    [Fact]
    public void Rows_are_brought_into_the_files_order()
    {
        var matched = SourceMatching.InFileOrder(Table("b", "c", "a"), ["a", "b", "c"], "FD");
        ((NumericColumn)matched.Get("Age")).Values.ShouldBe([2, 0, 1]);
    }

    [Fact]
    public void Names_that_do_not_match_are_listed()
    {
        Message(() => SourceMatching.InFileOrder(Table("a", "x1", "x2", "x3", "x4"), ["a", "b"], "FD"))
            .ShouldContain("Only in the cohort's 'source_file' (4): 'x1', 'x2', 'x3', …. Only in the data file (1): 'b'.");
        Message(() => SourceMatching.InFileOrder(Table("a", "a", "b"), ["a", "b"], "FD")).ShouldContain("more than once: 'a'");
        Message(() => SourceMatching.InFileOrder(Table("a", "b"), ["a", "b", "b"], "FD"))
            .ShouldContain("scalar 'FD' contains a name more than once: 'b'");
        Message(() => SourceMatching.InFileOrder(new("c.csv", [new TextColumn("source_fil", ["a"])]), ["a"], "FD"))
            .ShouldContain("Did you mean 'source_fil'");
    }

    [Fact]
    public void A_cohort_may_have_fewer_subjects_if_asked_for_and_none_that_the_file_lacks()
    {
        var matched = SourceMatching.InFileOrder(Table("d", "b"), ["a", "b", "c", "d"], "FD", mayOmit: true);
        SourceMatching.Names(matched).ShouldBe(["b", "d"]);
        ((NumericColumn)matched.Get("Age")).Values.ShouldBe([1, 0]);
        Message(() => SourceMatching.InFileOrder(Table("d", "b"), ["a", "b", "c", "d"], "FD"))
            .ShouldContain(
                "Only in the data file (2): 'a', 'c'. Every source must occur in the cohort exactly once, spelt identically. "
                    + "To fit the subjects of the cohort only, add --subjects cohort."
            );
        Message(() => SourceMatching.InFileOrder(Table("d", "B").WithSourcesFrom("image"), ["a", "b", "d"], "FD", mayOmit: true))
            .ShouldContain("Only in the cohort's 'image' (1): 'B'. Every row of the cohort must name a source of the scalar");
    }

    private static string Message(Action action) => Should.Throw<BadInputException>(action).Message;
}
