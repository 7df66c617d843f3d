using HpcFit.Shared.Elements;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.Tests.Pipeline;

public class PieceInWorkTests
{
    private static readonly ElementRange[] Ranges = [new(5, 8), new(20, 1020), new(2000, 2001)];

    [Theory]
    [InlineData(1, 32)]
    [InlineData(4, 32)]
    [InlineData(4, 1)]
    [InlineData(3, 100_000)]
    public void Every_element_is_taken_once_and_by_one_thread_only(int threads, int max)
    {
        var piece = new PieceInWork(null!, new(Ranges));
        var taken = new List<ElementRange>();
        Parallel.For(
            0,
            threads,
            _ =>
            {
                while (piece.TryTake(max, threads, out var elements))
                {
                    elements.Count.ShouldBeInRange(1, max);
                    lock (taken)
                        taken.Add(elements);
                }
            }
        );
        taken.Sum(range => range.Count).ShouldBe(1004);
        ElementSet.From(taken).ShouldBe(ElementSet.From(Ranges));
        piece.Remaining.ShouldBe(0);
    }

    [Fact]
    public void Threads_that_share_a_piece_take_less_towards_its_end()
    {
        var piece = new PieceInWork(null!, new(new ElementRange[] { new(0, 10_000) }));
        var sizes = new List<long>();
        while (piece.TryTake(5000, 2, out var elements))
            sizes.Add(elements.Count);
        sizes[0].ShouldBe(2500);
        sizes.SkipLast(1).Min().ShouldBe(64);
    }
}
