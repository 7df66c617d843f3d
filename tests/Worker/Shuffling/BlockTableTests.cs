using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Shuffling;
using static HpcFit.Worker.Tests.Shuffling.ListText;

namespace HpcFit.Worker.Tests.Shuffling;

/// <summary>
/// PALM's tables of blocks: the examples of its documentation, and nested structures against the group of their exchanges.
/// </summary>
public sealed class BlockTableTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("hpcfit-blocks").FullName, "eb.csv");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    // Permutations and flips; "/" ends a line.
    [Theory]
    [InlineData("1,1/1,2/1,3/1,4/1,5", 120, 32)] // freely exchangeable
    [InlineData("1/1/1/1", 24, 16)] // the same
    [InlineData("-1,1/-1,1/-1,2/-1,2/-1,3/-1,3", 8, 64)] // within blocks
    [InlineData("-1,1,1/-1,1,2/-1,2,1/-1,2,2/-1,3,1/-1,3,2", 8, 64)] // the same
    [InlineData("1/2/1/2/1", 12, 32)] // a single column: within
    [InlineData("1,1/1,1/1,2/1,2/1,3/1,3", 6, 8)] // whole blocks
    [InlineData("1,-1,1/1,-1,2/1,-2,1/1,-2,2/1,-3,1/1,-3,2", 6, 8)] // the same
    [InlineData("1,1,1/1,1,2/1,2,1/1,2,2/1,3,1/1,3,2", 48, 8)] // whole blocks, and within them
    [InlineData("-1,1,-1/-1,1,-1/-1,1,-2/-1,1,-2/-1,2,-1/-1,2,-1/-1,2,-2/-1,2,-2", 4, 16)] // whole blocks within two sites
    [InlineData("1,-1,1,1/1,-1,1,2/1,-1,2,1/1,-1,2,2/1,-2,1,1/1,-2,1,2/1,-2,2,1/1,-2,2,2", 32, 4)] // pairs kept inside families
    [InlineData("-1,1,1/-1,1,2/-1,-2,3/-1,-2,4", 2, 4)] // one block of which is not exchanged
    [InlineData("-1,1/-1,1/-1,1/-2,1/-2,1", 12, 32)] // two roots
    public void Is_the_group_of_its_exchanges(string table, int permutations, int flips)
    {
        File.WriteAllText(_path, table.Replace('/', '\n'));
        var rows = table.Split('/').Select(line => line.Split(',').Select(int.Parse).ToArray()).ToArray();
        foreach (var (errors, count) in (ReadOnlySpan<(string, int)>)[("ee", permutations), ("ise", flips), ("both", permutations * flips)])
        {
            var list = List(new() { Count = long.MaxValue, Blocks = _path }, Subjects(rows.Length), errors);
            var texts = list.Texts();
            texts.Count.ShouldBe(count);
            texts.ToHashSet().SetEquals(Groups.Closure(rows.Length, [.. Generators(rows, errors)])).ShouldBeTrue();
            list.IsExhaustive.ShouldBeTrue();
            list.LogPossible.ShouldBe(Math.Log(count), 1e-12);
        }
    }

    [Fact]
    public void Follows_the_order_of_the_cohort_and_has_its_rows_or_those_in_the_fit()
    {
        var cohort = Subjects(5).Take([4, 3, 2, 1, 0]);
        File.WriteAllText(_path, "# families\n-1 1\n-1 1\n-1 2\n-1 2\n-1 3\n");
        var spec = new PermutationSpec { Count = 100, Blocks = _path };
        List(spec, cohort).Texts().Order().ShouldBe(["+0 +1 +2 +3 +4", "+0 +1 +2 +4 +3", "+0 +2 +1 +3 +4", "+0 +2 +1 +4 +3"]);
        ShuffleLists.Create(spec, cohort, [1, 2, 4], "ee").Texts().ShouldBe(["+0 +1 +2", "+1 +0 +2"], "rows 4, 3 and 1 of the file");
        File.WriteAllText(_path, "-1;1\n-1;2\n-1;2\n");
        ShuffleLists.Create(spec, cohort, [1, 2, 4], "ee").Texts().ShouldBe(["+0 +1 +2", "+1 +0 +2"], "one line per row in the fit");
    }

    [Theory]
    [InlineData("1,1/1,1/1,2/1,3", "unequal numbers of rows", "2 rows: 1,1", "1 row: 1,2, 1,3")]
    [InlineData("-1,5,1,1/-1,5,1,2/-1,5,1,3/-1,5,2,4", "blocks within -1,5", "3 rows: -1,5,1")]
    [InlineData("1,1,1/1,1,2/1,-2,1/1,-2,2", "differ in what is exchanged inside them")]
    [InlineData("1,1/1,2/1,3", "3 lines", "4 (the rows of the cohort cohort.csv)")]
    [InlineData("1,1/1,2/1,0/1,4", "line 3, field 2: an index is 0")]
    [InlineData("1,1/1,2/1/1,4", "line 3: 1 number where line 1 has 2")]
    [InlineData("1,1/1,a/1,3/1,4", "line 2, field 2: 'a' is not a whole number")]
    [InlineData("1,1.5/1,2/1,3/1,4", "line 1, field 2: '1.5' is not a whole number")]
    [InlineData("-1,-1/-1,-2/-1,-3/-1,-4", "no permutations of the 4 rows in the fit are possible")]
    [InlineData("", "is empty; exchangeability blocks were expected")]
    public void What_is_no_tree_of_blocks_is_refused(string table, params string[] parts)
    {
        File.WriteAllText(_path, table.Replace('/', '\n'));
        var message = Should.Throw<BadInputException>(() => List(new() { Count = 9, Blocks = _path }, Subjects(4))).Message;
        foreach (var part in parts.Append(_path))
            message.ShouldContain(part);
    }

    [Fact]
    public void Blocks_and_columns_are_not_combined()
    {
        var cohort = Cohort(("v", ["a", "b"]));
        Should
            .Throw<BadInputException>(() =>
                List(
                    new()
                    {
                        Count = 9,
                        Blocks = _path,
                        Within = "v",
                    },
                    cohort
                )
            )
            .Message.ShouldContain("('v')");
        Should.Throw<BadInputException>(() => List(new() { Count = 9, Blocks = _path }, cohort)).Message.ShouldContain("There is no file");
    }

    /// <summary>Exchanges of adjacent parts of each block, and flips of the parts of the outermost exchanging blocks.</summary>
    private static IEnumerable<int[]> Generators(int[][] table, string errors)
    {
        var identity = Enumerable.Range(0, table.Length).ToArray();
        var columns = table[0].Length;
        var hasUnique = table.Select(line => string.Join(',', line)).Distinct().Count() == table.Length;
        // Implicit parts of the last column's blocks, and a column above the first one.
        var full = table.Select((line, row) => (int[])[-1, .. line, .. hasUnique ? (int[])[] : [row + 1]]).ToArray();
        for (var level = 0; level < full[0].Length - 1; level++)
        {
            var isImplicit = !hasUnique && level == columns;
            foreach (var block in identity.GroupBy(row => string.Join(',', full[row].Take(level + 1))))
            {
                var line = full[block.First()];
                if (line[level] < 0 || (isImplicit && line[level - 1] > 0))
                    continue;
                var parts = block
                    .GroupBy(row => full[row][level + 1])
                    .OrderBy(part => Math.Abs(part.Key))
                    .Select(part => Sorted(part))
                    .ToList();
                var isOutermost = line.Take(level).All(index => index < 0);
                for (var part = 0; part < parts.Count; part++)
                {
                    if (errors != "ise" && part > 0)
                        yield return Swap(parts[part - 1], parts[part]);
                    if (errors != "ee" && isOutermost)
                        yield return [.. identity.Select(row => parts[part].Contains(row) ? ~row : row)];
                }
            }
        }

        List<int> Sorted(IEnumerable<int> rows) =>
            [.. rows.OrderBy(row => string.Join(',', full[row].Select(index => $"{Math.Abs(index):000}")))];

        int[] Swap(List<int> a, List<int> b)
        {
            var swap = identity.ToArray();
            foreach (var (one, other) in a.Zip(b))
                (swap[one], swap[other]) = (other, one);
            return swap;
        }
    }
}
