using HpcFit.Worker.Shuffling;

namespace HpcFit.Worker.Tests.Shuffling;

public class KeptTogetherTests
{
    /// <summary>
    /// Blocks of rows that are exchanged as a whole, with their rows in order or in any order, and exchanges without such blocks.
    /// </summary>
    [Theory]
    [InlineData("pairs", 40, "0 1")]
    [InlineData("pairs in any order", 40, "0 1")]
    [InlineData("triples", 40, "0 1")]
    [InlineData("pairs apart", 40, "0 6")]
    [InlineData("free", 40, null)]
    [InlineData("within", 40, null)]
    [InlineData("within pairs", 40, null)]
    [InlineData("some stay", 40, "0 1")]
    [InlineData("some are exchanged freely", 40, null)] // not all are blocks
    [InlineData("pairs", 19, null)] // too few to tell
    public void Blocks_are_found(string kind, int count, string? expected)
    {
        var random = new Random(5);
        var shuffles = new HashSet<string>();
        var list = new List<int[]>();
        while (list.Count < count)
        {
            var shuffle = Shuffle(kind, random);
            if (shuffle.Where((from, row) => from != row).Any() && shuffles.Add(string.Join(' ', shuffle)))
                list.Add(shuffle);
        }
        var listed = new ListedShuffles(
            [
                [.. Enumerable.Range(0, list[0].Length)],
                .. list,
            ],
            [.. Enumerable.Range(0, list[0].Length)]
        );
        (listed.FindRowsKeptTogether() is var (row, other) ? $"{row} {other}" : null).ShouldBe(expected);
    }

    [Fact]
    public void Random_shuffles_keep_nothing_together()
    {
        var random = new Random(6);
        for (var rows = 4; rows < 30; rows++)
        for (var time = 0; time < 20; time++)
        {
            var list = Enumerable.Range(0, 60).Select(_ => Order(random, rows)).ToList();
            new ListedShuffles(
                [
                    [.. Enumerable.Range(0, rows)],
                    .. list,
                ],
                [.. Enumerable.Range(0, rows)]
            ).FindRowsKeptTogether().ShouldBeNull();
        }
    }

    private static int[] Shuffle(string kind, Random random)
    {
        var six = Order(random, 6);
        return kind switch
        {
            "pairs" => [.. six.SelectMany(block => (int[])[2 * block, (2 * block) + 1])],
            "pairs in any order" => [.. six.SelectMany(block => Order(random, 2).Select(row => (2 * block) + row))],
            "triples" => [.. six.SelectMany(block => (int[])[3 * block, (3 * block) + 1, (3 * block) + 2])],
            "pairs apart" => [.. six, .. six.Select(row => 6 + row)],
            "some stay" => [.. six.SelectMany(block => (int[])[2 * block, (2 * block) + 1]), 12, 13, 14],
            "some are exchanged freely" => [.. six.SelectMany(block => (int[])[2 * block, (2 * block) + 1]), .. Free(random)],
            "free" => Order(random, 12),
            "within" => [.. six, .. Order(random, 6).Select(row => 6 + row)],
            "within pairs" => [.. Enumerable.Range(0, 8).SelectMany(pair => Order(random, 2).Select(row => (2 * pair) + row))],
            _ => throw new ArgumentException(kind),
        };
    }

    private static IEnumerable<int> Free(Random random) => Order(random, 5).Select(row => 12 + row);

    private static int[] Order(Random random, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        return order;
    }
}
