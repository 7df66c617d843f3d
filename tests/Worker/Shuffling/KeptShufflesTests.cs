using HpcFit.Worker.Shuffling;
using static HpcFit.Worker.Tests.Shuffling.ListText;

namespace HpcFit.Worker.Tests.Shuffling;

/// <summary>Shuffles that are kept are those of their list.</summary>
public sealed class KeptShufflesTests
{
    [Fact]
    public void Every_time_a_shuffle_is_that_of_the_list()
    {
        var list = Free(50, 200, "both");
        var kept = new KeptShuffles(list);
        var source = new int[50];
        kept.Fill(7, source);
        Array.Clear(source);
        kept.Texts().ShouldBe(list.Texts());
        kept.Texts().ShouldBe(list.Texts());
        (kept.Rows, kept.Count, kept.Permutes, kept.Flips, kept.IsExhaustive, kept.LogPossible).ShouldBe(
            (list.Rows, list.Count, true, true, false, list.LogPossible)
        );
    }

    [Fact]
    public void Threads_share_them()
    {
        var list = Free(200, 500);
        var kept = new KeptShuffles(list);
        var texts = new string[1000];
        Parallel.For(0, texts.Length, at => texts[at] = Text(kept.Shuffle(at / 2)));
        texts.ShouldBe(list.Texts().SelectMany(text => (string[])[text, text]));
    }

    [Fact]
    public void Lists_that_exceed_the_memory_are_not_kept()
    {
        const int Rows = 40_000;
        var list = Free(Rows, 10_000);
        var kept = new KeptShuffles(list);
        var (source, expected) = (new int[Rows], new int[Rows]);
        kept.Fill(9_998, source);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        kept.Fill(9_999, source);
        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBe(0);
        list.Fill(9_999, expected);
        source.ShouldBe(expected);
    }

    [Fact]
    public void Shuffles_are_refused_as_by_the_list()
    {
        var kept = new KeptShuffles(Free(30, 10));
        kept.Fill(1, new int[30]);
        Should.Throw<ArgumentOutOfRangeException>(() => kept.Fill(1, new int[29]));
        Should.Throw<IndexOutOfRangeException>(() => kept.Shuffle(10));
        Should.Throw<IndexOutOfRangeException>(() => kept.Shuffle(-1));
    }
}
