using HpcFit.Worker.Shuffling;
using static HpcFit.Worker.Tests.Shuffling.ListText;

namespace HpcFit.Worker.Tests.Shuffling;

/// <summary>Drawn shuffles: repeats, memory, threads.</summary>
public sealed class DrawnShufflesTests
{
    [Fact]
    public void Repeats_are_drawn_again_in_the_order_of_numbers()
    {
        // 120 shuffles, all of which are drawn at last.
        var plan = ExchangePlan.From(ExchangeNode.OfRows("", true, Enumerable.Range(0, 5)), permutes: true, flips: false);
        var all = new DrawnShuffles(plan, seed: 3, count: 120);
        var texts = all.Texts();
        texts.Distinct().Count().ShouldBe(120);
        all.IsExhaustive.ShouldBeTrue();
        new DrawnShuffles(plan, seed: 3, count: 70).Texts().ShouldBe(texts.Take(70));
        new DrawnShuffles(plan, seed: 3, count: 70).IsExhaustive.ShouldBeFalse();
        texts[0].ShouldBe("+0 +1 +2 +3 +4");
        texts[1].ShouldBe(First(plan, seed: 3, number: 1), "the first attempt, if it is no repeat");
    }

    [Fact]
    public void Many_shuffles_of_many_rows_need_little_memory()
    {
        const int Rows = 40_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var list = Free(Rows, 10_000, "both");
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(20L << 20, "bytes; 10,000 shuffles are 1.6 GB");
        list.LogPossible.ShouldBe(411_597.493804, 1e-3);
        var source = new int[Rows];
        list.Fill(9_999, source);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        list.Fill(9_998, source);
        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBe(0);
        source.Select(one => one < 0 ? ~one : one).Order().ShouldBe(Enumerable.Range(0, Rows));
        source.Count(one => one < 0).ShouldBeInRange(19_600, 20_400, "4 standard deviations");
        source.Where((one, row) => (one < 0 ? ~one : one) == row).Count().ShouldBeLessThan(9, "on average one row stays in place");
    }

    [Fact]
    public void Threads_share_a_list()
    {
        var list = Free(200, 500, "both");
        var expected = list.Texts();
        var texts = new string[500];
        Parallel.For(0, 500, number => texts[number] = Text(list.Shuffle(number)));
        texts.ShouldBe(expected);
    }

    [Fact]
    public void Numbers_outside_the_list_are_refused()
    {
        var list = Free(30, 10);
        Should.Throw<ArgumentOutOfRangeException>(() => list.Shuffle(10));
        Should.Throw<ArgumentOutOfRangeException>(() => list.Shuffle(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => list.Fill(1, new int[29]));
    }

    private static string First(ExchangePlan plan, long seed, ulong number)
    {
        var source = new int[plan.Rows];
        plan.Fill(new DrawnChoices(seed, number, attempt: 0), source);
        return Text(source);
    }
}
