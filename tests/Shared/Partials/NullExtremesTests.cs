using HpcFit.Shared.Partials;

namespace HpcFit.Shared.Tests.Partials;

public class NullExtremesTests
{
    private static readonly double[] Ascending =
    [
        double.NegativeInfinity,
        -1e300,
        -2,
        -double.Epsilon,
        -0.0,
        0.0,
        double.Epsilon,
        1,
        3.5,
        1e300,
        double.PositiveInfinity,
    ];

    [Fact]
    public void Keys_are_ordered_like_their_values_and_give_them_back()
    {
        var keys = Ascending.Select(NullExtremes.Key).ToArray();
        keys.ShouldBe(keys.Order());
        keys.Distinct().Count().ShouldBe(keys.Length);
        keys.Select(NullExtremes.Value).ShouldBe(Ascending);
        keys.ShouldAllBe(key => key > 0);
    }

    [Fact]
    public void Not_a_number_is_less_than_every_value()
    {
        NullExtremes.Key(double.NaN).ShouldBe(0UL);
        NullExtremes.Value(0).ShouldBe(double.NaN);
    }

    [Fact]
    public void Merging_takes_the_larger_values()
    {
        ulong[] into = [NullExtremes.Key(1), 0, NullExtremes.Key(-1)];
        NullExtremes.Merge(into, [NullExtremes.Key(0.5), NullExtremes.Key(-7), NullExtremes.Key(-0.5)]);
        into.Select(NullExtremes.Value).ShouldBe([1, -7, -0.5]);
    }
}
