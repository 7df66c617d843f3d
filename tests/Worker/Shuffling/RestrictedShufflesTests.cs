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
        var list = new ListedShuffles([
            [0, 1, 2, 3, 4, 5],
            [2, 5, 4, 1, 0, 3],
        ]);
        var source = new int[5];
        new RestrictedShuffles(list, [0, 1, 3, 4, 5], [0, 1, 0, 1, 0, 1]).Fill(1, source);
        Text(source).ShouldBe("+3 +4 +1 +0 +2");
    }

    private static int[] Restrict(int[] source, string present)
    {
        int[] rows = [.. Enumerable.Range(0, present.Length).Where(row => present[row] == '1')];
        var restricted = new int[rows.Length];
        new RestrictedShuffles(new ListedShuffles([source]), rows, null).Fill(0, restricted);
        return restricted;
    }
}
