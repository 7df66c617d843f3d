using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Shuffling;
using static HpcFit.Worker.Tests.Shuffling.ListText;

namespace HpcFit.Worker.Tests.Shuffling;

/// <summary>Shuffles from files of MRtrix's and PALM's form.</summary>
public sealed class ShuffleFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("hpcfit-shuffles").FullName, "p.txt");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Theory]
    [InlineData("0 1 3/1 2 0/2 3 1/3 0 2", new[] { "+0 +1 +2 +3", "+1 +2 +3 +0", "+3 +0 +1 +2" }, "")] // MRtrix: columns, from 0
    [InlineData("1 2 4/2 3 1/3 4 2/4 1 3", new[] { "+0 +1 +2 +3", "+1 +2 +3 +0", "+3 +0 +1 +2" }, "")] // columns, from 1
    [InlineData("1,2,3,4/2,-3,4,1", new[] { "+0 +1 +2 +3", "+1 -2 +3 +0" }, "")] // PALM: lines, from 1, flips
    [InlineData("0 1 2 3/1 0 3 2", new[] { "+0 +1 +2 +3", "+1 +0 +3 +2" }, "")] // lines, from 0
    [InlineData("1,-2/-2,1/3,-4/4,3", new[] { "+0 +1 +2 +3", "+0 -1 +2 +3", "-1 +0 -3 +2" }, "does not contain the unshuffled data")]
    [InlineData("1 0/0 1/3 2/2 3", new[] { "+0 +1 +2 +3", "+1 +0 +3 +2" }, "unshuffled data are shuffle 2 of")]
    [InlineData("0 1 1/1 0 0/2 2 2/3 3 3", new[] { "+0 +1 +2 +3", "+1 +0 +2 +3", "+1 +0 +2 +3" }, "1 of the 3 shuffles")] // repeats
    [InlineData("1,2,3,4/3,4,2,1/1,2,4,3/4,1,3,2", new[] { "+0 +1 +2 +3", "+2 +3 +1 +0", "+0 +1 +3 +2", "+3 +0 +2 +1" }, "")] // square
    [InlineData("1 3 1 4/2 4 2 1/3 2 4 3/4 1 3 2", new[] { "+0 +1 +2 +3", "+2 +3 +1 +0", "+0 +1 +3 +2", "+3 +0 +2 +1" }, "")] // its columns
    [InlineData("1,2,3,4/2,3,4,1/3,4,1,2/4,1,2,3", new[] { "+0 +1 +2 +3", "+1 +2 +3 +0", "+2 +3 +0 +1", "+3 +0 +1 +2" }, "")] // both
    [InlineData("1,2,3,4/2,1,4,3/4,3,1,2/3,4,2,1", new[] { "+0 +1 +2 +3", "+1 +0 +3 +2", "+3 +2 +0 +1", "+2 +3 +1 +0" }, "lines are used")]
    [InlineData("# made by x//0.0e+00 3/1 2/2 1/3 0", new[] { "+0 +1 +2 +3", "+3 +2 +1 +0" }, "")] // real numbers, comments
    public void Forms_are_recognised(string text, string[] expected, string note)
    {
        var list = Read(text, Subjects(4).Rows);
        list.Texts().ShouldBe(expected);
        string.Join('\n', list.Notes).ShouldContain(note);
        list.Notes.Count.ShouldBe(note.Length == 0 ? 0 : 1);
        list.Flips.ShouldBe(expected.Any(one => one.Contains('-', StringComparison.Ordinal)));
        list.LogPossible.ShouldBe(double.NaN);
    }

    [Fact]
    public void Rows_are_those_of_the_cohorts_file_or_of_the_fit()
    {
        // The data file's order is the reverse of the cohort's; row 3 of the cohort's file is not in the fit.
        var cohort = Subjects(4).Take([3, 2, 1, 0]);
        var spec = new PermutationSpec { Count = 99, File = _path };
        File.WriteAllText(_path, "0 1\n1 3\n2 2\n3 0\n");
        ShuffleLists.Create(spec, cohort, [0, 2, 3], "ee").Texts().ShouldBe(["+0 +1 +2", "+2 +0 +1"], "4 <- 1, 2 <- 4, 1 <- 2");
        File.WriteAllText(_path, "0 1\n1 2\n2 0\n");
        ShuffleLists.Create(spec, cohort, [0, 2, 3], "ee").Texts().ShouldBe(["+0 +1 +2", "+2 +0 +1"]);
        File.WriteAllText(_path, "0 1\n1 0\n2 3\n3 2\n");
        Should
            .Throw<BadInputException>(() => ShuffleLists.Create(spec, cohort, [0, 2, 3], "ee"))
            .Message.ShouldContain("line 4, field 2: shuffle 2 replaces row 4 of the cohort, which is in the fit, by row 3, which is not");
    }

    /// <summary>Which place comes next matters where missing subjects are left out of shuffles, as by MRtrix.</summary>
    [Fact]
    public void Its_order_is_that_of_the_cohorts_file()
    {
        var cohort = Subjects(4).Take([2, 0, 3, 1]);
        File.WriteAllText(_path, "0 1\n1 2\n2 3\n3 0\n");
        var list = ShuffleLists.Create(new PermutationSpec { Count = 99, File = _path }, cohort, [0, 1, 2, 3], "ee");
        list.Parts.ShouldNotBeNull()
            .ShouldBe([
                [1, 3, 0, 2],
            ]);
    }

    [Fact]
    public void The_first_ones_are_used()
    {
        File.WriteAllText(_path, "0 1 2\n1 2 0\n2 0 1\n");
        var list = List(new() { Count = 2, File = _path }, Subjects(3));
        list.Texts().ShouldBe(["+0 +1 +2", "+1 +2 +0"]);
        list.Notes.ShouldHaveSingleItem().ShouldContain("The first 2 of the 3 shuffles");
    }

    [Fact]
    public void Fewer_than_requested_are_announced()
    {
        File.WriteAllText(_path, "0 1 2\n1 2 0\n2 0 1\n");
        var list = List(new() { Count = 5, File = _path }, Subjects(3));
        list.Count.ShouldBe(3);
        list.Notes.ShouldHaveSingleItem().ShouldContain("has 3 shuffles, fewer than --permutations 5: all are used");
    }

    [Theory]
    [InlineData("0 1/1 0", "2 lines of 2 numbers", "4 (the rows of the cohort cohort.csv)")]
    [InlineData("0 1/1 4/2 2/3 0", "line 2, field 2: 4 where a row was expected, 0 to 3")]
    [InlineData("1 1/2 5/3 2/4 3", "line 2, field 2: 5 where a row was expected, 1 to 4")]
    [InlineData("0 1/1 2/2 1/3 0", "shuffle 2 has row 1 twice (line 1, field 2 and line 3, field 2)", "columns")]
    [InlineData("1,2,3,4/2,1,2,4", "shuffle 2 has row 2 twice (line 2, field 1 and line 2, field 3)", "lines")]
    [InlineData("0 1/1 0/2 -2/3 3", "line 3, field 2: -2 changes the sign of a row, but the file contains 0")]
    [InlineData("0 1/1 0/2 x/3 3", "line 3, field 2: 'x' is not a whole number; shuffles are tables")]
    [InlineData("0/1/2/3", "contains no shuffle but the unshuffled data")]
    public void What_is_no_shuffle_is_refused(string text, params string[] parts)
    {
        var message = Should.Throw<BadInputException>(() => Read(text, 4)).Message;
        foreach (var part in parts.Append(_path))
            message.ShouldContain(part);
    }

    [Theory]
    [InlineData("0 1/1 0/2 2/3 3", "ise", null, "no sign flips, which a test of the intercept needs")]
    [InlineData("0 1/1 0/2 2/3 3", "both", "both", "no sign flips, which a test with --errors both needs")]
    [InlineData("1,2,3,4/-1,2,3,4", "ee", "ee", "contains sign flips, which --errors ee excludes")]
    [InlineData("1,2,3,4/-1,2,3,4", "ee", null, null)]
    public void The_kind_of_shuffle_must_be_that_of_the_errors(string text, string errors, string? stated, string? expected)
    {
        File.WriteAllText(_path, text.Replace('/', '\n'));
        var spec = new PermutationSpec
        {
            Count = 99,
            File = _path,
            Errors = stated,
        };
        if (expected is null)
            List(spec, Subjects(4), errors).Count.ShouldBe(2);
        else
            Should.Throw<BadInputException>(() => List(spec, Subjects(4), errors)).Message.ShouldContain(expected);
    }

    [Fact]
    public void Files_and_blocks_are_not_combined() =>
        Should
            .Throw<BadInputException>(() =>
                List(
                    new()
                    {
                        Count = 9,
                        File = _path,
                        Within = "v",
                    },
                    Cohort(("v", ["a", "b"]))
                )
            )
            .Message.ShouldContain("have no effect");

    private IShuffleList Read(string text, int rows)
    {
        File.WriteAllText(_path, text.Replace('/', '\n'));
        return List(new() { File = _path }, Subjects(rows));
    }
}
