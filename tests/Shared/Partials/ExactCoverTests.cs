using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;

namespace HpcFit.Shared.Tests.Partials;

public class ExactCoverTests
{
    [Fact]
    public void Overlapping_attempts_never_count_a_unit_twice() =>
        Cover((0, 256), (768, 1000), (256, 512), (0, 256), (200, 300), (512, 768))
            .ShouldBe([(0, 256), (256, 512), (512, 768), (768, 1000)]);

    [Fact]
    public void The_cover_with_the_most_units_is_chosen() => Cover((0, 100), (90, 256), (0, 64), (100, 110)).ShouldBe([(0, 64), (90, 256)]);

    [Fact]
    public void An_extension_continues_an_incomplete_cell() =>
        Cover((0, 256), (256, 300), (256, 512), (300, 512)).Sum(block => block.End - block.First).ShouldBe(512);

    /// <summary>Random blocks: disjoint, as many units as trying all subsets finds, and filling the gaps completes the cover.</summary>
    [Fact]
    public void It_equals_a_search_over_all_subsets_and_can_always_be_completed()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var blocks = Enumerable
                .Range(0, random.Next(1, 9))
                .Select(_ => random.Next(0, 20))
                .Select(first => new ElementRange(first, first + random.Next(1, 12)))
                .ToList();
            var chosen = ExactCover.Select(blocks, block => block);
            IsDisjoint(chosen).ShouldBeTrue();
            var best = Enumerable
                .Range(0, 1 << blocks.Count)
                .Select(bits => blocks.Where((_, at) => ((bits >> at) & 1) == 1).ToList())
                .Where(IsDisjoint)
                .Max(some => some.Sum(block => block.Count));
            chosen.Sum(block => block.Count).ShouldBe(best);
            var gaps = ElementSet.From(0, 32).Except(ElementSet.From(chosen));
            ElementSet.From(ExactCover.Select(blocks.Concat(gaps), block => block)).ShouldBe(ElementSet.From(0, 32));
        }
    }

    private static bool IsDisjoint(IReadOnlyList<ElementRange> blocks) => blocks.Sum(block => block.Count) == ElementSet.From(blocks).Count;

    private static List<(long First, long End)> Cover(params (long First, long End)[] blocks) =>
        [
            .. ExactCover
                .Select(blocks.Select(block => new ElementRange(block.First, block.End)), block => block)
                .Select(block => (block.First, block.End)),
        ];
}
