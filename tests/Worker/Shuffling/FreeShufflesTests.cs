using HpcFit.Worker.Shuffling;
using static HpcFit.Worker.Tests.Shuffling.ListText;

namespace HpcFit.Worker.Tests.Shuffling;

/// <summary>Shuffles of unrelated rows: what is possible, order, prefixes, and that all are equally likely.</summary>
public sealed class FreeShufflesTests
{
    [Theory]
    [InlineData(2, "ee", 2)]
    [InlineData(5, "ee", 120)]
    [InlineData(5, "ise", 32)]
    [InlineData(1, "ise", 2)]
    [InlineData(4, "both", 384)]
    [InlineData(9, "ee", 362_880)]
    [InlineData(20, "ise", 1 << 20)]
    public void Few_shuffles_are_enumerated(int rows, string errors, int possible)
    {
        var list = Free(rows, long.MaxValue, errors);
        list.Count.ShouldBe(possible);
        list.IsExhaustive.ShouldBeTrue();
        list.LogPossible.ShouldBe(Math.Log(possible), 1e-12);
        list.Permutes.ShouldBe(errors != "ise");
        list.Flips.ShouldBe(errors != "ee");
        list.Shuffle(0).ShouldBe(Enumerable.Range(0, rows));
        if (possible <= 400)
            list.Texts().Distinct().Count().ShouldBe(possible);
    }

    [Theory]
    [InlineData(6, "ee", 100, 720)]
    [InlineData(12, "ee", 300, 2_000)]
    [InlineData(30, "both", 50, 400)]
    public void Longer_lists_begin_with_shorter_ones(int rows, string errors, int shorter, int longer)
    {
        var texts = Free(rows, longer, errors).Texts();
        texts.Distinct().Count().ShouldBe(longer);
        Free(rows, shorter, errors).Texts().ShouldBe(texts.Take(shorter));
        Free(rows, shorter, errors, seed: 2).Texts().ShouldNotBe(texts.Take(shorter));
    }

    [Fact]
    public void The_order_of_an_enumeration_is_random()
    {
        var first = Enumerable.Range(1, 2_000).GroupBy(seed => Text(Free(3, 2, seed: seed).Shuffle(1))).ToDictionary(group => group.Key);
        first.Count.ShouldBe(5, "every shuffle but the identity is once the second one");
        ChiSquare(first.Values.Select(group => group.Count()), 2_000 / 5.0).ShouldBeLessThan(18.5, "the 0.999 quantile with 4 df");
    }

    [Fact]
    public void Drawn_permutations_are_equally_likely()
    {
        var plan = ExchangePlan.From(ExchangeNode.OfRows("", true, Enumerable.Range(0, 5)), permutes: true, flips: false);
        var counts = Draws(plan, 60_000).GroupBy(text => text).Select(group => group.Count()).ToList();
        counts.Count.ShouldBe(120);
        ChiSquare(counts, 500).ShouldBeInRange(74.6, 176.4, "the 0.0005 and 0.9995 quantiles with 119 df");
    }

    [Fact]
    public void Drawn_flips_are_equally_likely()
    {
        var plan = ExchangePlan.From(ExchangeNode.OfRows("", true, Enumerable.Range(0, 6)), permutes: false, flips: true);
        var counts = Draws(plan, 32_000).GroupBy(text => text).Select(group => group.Count()).ToList();
        counts.Count.ShouldBe(64);
        ChiSquare(counts, 500).ShouldBeInRange(32.4, 106.6, "the 0.0005 and 0.9995 quantiles with 63 df");
    }

    [Fact]
    public void Bounded_choices_are_equally_likely()
    {
        // Two and a half words per result: without further attempts every second result would have three, the others two.
        const int Bound = 1_717_986_918;
        var choices = new DrawnChoices(seed: 7, shuffle: 1, attempt: 0);
        var odd = Enumerable.Range(0, 40_000).Count(_ => choices.Next(Bound) % 2 == 1);
        odd.ShouldBeInRange(19_650, 20_350, "3.5 standard deviations");
    }

    private static IEnumerable<string> Draws(ExchangePlan plan, int count)
    {
        var source = new int[plan.Rows];
        for (var number = 0; number < count; number++)
        {
            plan.Fill(new DrawnChoices(seed: 1, (ulong)number, attempt: 0), source);
            yield return Text(source);
        }
    }

    private static double ChiSquare(IEnumerable<int> counts, double expected) =>
        counts.Sum(count => (count - expected) * (count - expected) / expected);
}
