using HpcFit.Worker.Shuffling;
using static HpcFit.Worker.Tests.Shuffling.ListText;

namespace HpcFit.Worker.Tests.Shuffling;

/// <summary>Shuffles of the rows that have a value.</summary>
public sealed class RestrictedShufflesTests
{
    [Theory]
    [InlineData(new[] { 0, 1, 2, 3 }, "0110", "+0 +1")]
    [InlineData(new[] { 2, ~0, 3, 1 }, "1111", "+2 -0 +3 +1")]
    [InlineData(new[] { 2, ~0, 3, 1 }, "1011", "+1 -0 +2")]
    [InlineData(new[] { ~4, 3, 2, ~1, 0 }, "01011", "-2 +1 -0")]
    public void Missing_rows_are_left_out(int[] source, string present, string expected) =>
        Text(Restrict(source, present)).ShouldBe(expected);

    [Fact]
    public void It_is_MRtrixs_shuffling_matrix_without_rows_and_columns()
    {
        const string Present = "1101011011";
        var list = Free(Present.Length, 200, "both");
        for (var number = 0; number < 200; number++)
        {
            // Row i of the matrix has the sign at column r. Rows that select a missing row go, then the columns of missing rows.
            var rows = list.Shuffle(number)
                .Select(one =>
                    Enumerable.Range(0, Present.Length).Select(row => row == (one < 0 ? ~one : one) ? (one < 0 ? -1 : 1) : 0).ToArray()
                )
                .Where(row => !row.Where((sign, column) => sign != 0 && Present[column] == '0').Any())
                .Select(row => row.Where((_, column) => Present[column] == '1').ToArray());
            Restrict(list.Shuffle(number), Present)
                .ShouldBe(rows.Select(row => Array.FindIndex(row, sign => sign != 0) is var at && row[at] < 0 ? ~at : at));
        }
    }

    [Fact]
    public void Blocks_keep_their_rows()
    {
        // Rows 0, 2, 4 are a block, and rows 1, 3, 5; row 2 is missing.
        var list = Listed([0, 1, 2, 3, 4, 5], [2, 5, 4, 1, 0, 3]);
        var source = new int[5];
        new RestrictedShuffles(
            list,
            [0, 1, 3, 4, 5],
            [
                [0, 2, 4],
                [1, 3, 5],
            ]
        ).Fill(1, source);
        Text(source).ShouldBe("+3 +4 +1 +0 +2");
    }

    [Fact]
    public void A_file_counts_rows_in_its_own_order()
    {
        // Rows 0 to 3 of the fit are lines 3, 1, 0 and 2 of the file, whose shuffle "1 3 0 2" replaces line 0 by line 1, and so on.
        int[] lines = [3, 1, 0, 2];
        int[] ofFile = [1, 3, 0, 2];
        int[] source = [.. lines.Select(line => Array.IndexOf(lines, ofFile[line]))];
        var list = new ListedShuffles(
            [
                [0, 1, 2, 3],
                source,
            ],
            [2, 1, 3, 0]
        );
        var restricted = new int[3];
        // Without row 1, which is line 1, the shuffle draws lines 3, 0 and 2 for lines 0, 2 and 3: rows 0, 2 and 3 for rows 2, 3 and 0.
        new RestrictedShuffles(list, [0, 2, 3], list.Parts).Fill(1, restricted);
        Text(restricted).ShouldBe("+2 +0 +1");
    }

    [Fact]
    public void The_blocks_of_a_file_are_what_its_shuffles_never_connect()
    {
        Listed([0, 1, 2, 3, 4, 5], [2, ~5, 0, 3, 4, 1], [0, 1, ~4, 3, 2, 5])
            .Parts.ShouldBe([
                [0, 2, 4],
                [1, 5],
                [3],
            ]);
        Listed([0, 1, 2], [2, 0, 1])
            .Parts.ShouldBe([
                [0, 1, 2],
            ]);
    }

    private static ListedShuffles Listed(params int[][] sources) => new(sources, [.. Enumerable.Range(0, sources[0].Length)]);

    private static int[] Restrict(int[] source, string present)
    {
        int[] rows = [.. Enumerable.Range(0, present.Length).Where(row => present[row] == '1')];
        var restricted = new int[rows.Length];
        new RestrictedShuffles(Listed(source), rows, null).Fill(0, restricted);
        return restricted;
    }
}
