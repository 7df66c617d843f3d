using FsCheck;
using FsCheck.Fluent;
using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Tests.Elements;

public class ElementSetTests
{
    [Fact]
    public void Ranges_are_merged_when_they_overlap_or_touch() =>
        ElementSet.From([new(5, 9), new(0, 3), new(3, 5), new(20, 20)]).ToArray().ShouldBe([new(0, 9)]);

    [Fact]
    public void Users_see_one_based_inclusive_ranges() => ElementSet.From([new(0, 100), new(204, 205)]).ToString().ShouldBe("1:100,205");

    [Fact]
    public void Set_algebra_agrees_with_sets_of_numbers()
    {
        var ranges = Gen.Choose(0, 60).Two().Select(pair => new ElementRange(pair.Item1, pair.Item2)).ListOf();
        var pairs = ranges.Two().ToArbitrary();
        Prop.ForAll(
                pairs,
                pair =>
                {
                    var (a, b) = (ElementSet.From(pair.Item1), ElementSet.From(pair.Item2));
                    var (x, y) = (Numbers(a), Numbers(b));
                    Numbers(a.Union(b)).ShouldBe(x.Union(y).Order());
                    Numbers(a.Intersect(b)).ShouldBe(x.Intersect(y).Order());
                    Numbers(a.Except(b)).ShouldBe(x.Except(y).Order());
                    a.Count.ShouldBe(x.Count);
                    for (var element = -1; element <= 61; element++)
                        a.Contains(element).ShouldBe(x.Contains(element));
                }
            )
            .QuickCheckThrowOnFailure();
    }

    private static List<long> Numbers(ElementSet set) =>
        [.. set.SelectMany(range => Enumerable.Range((int)range.First, (int)range.Count).Select(element => (long)element))];
}
