using FsCheck;
using FsCheck.Fluent;
using HpcFit.Coordinator.Reporting.Maps;

namespace HpcFit.Coordinator.Tests.Reporting.Maps;

public sealed class QuantisedMapTests
{
    [Fact]
    public void Every_value_is_within_the_stated_tolerance()
    {
        Prop.ForAll<double[]>(values =>
            {
                var map = QuantisedMap.From(values);
                for (var at = 0; at < values.Length; at++)
                {
                    var decoded = Decode(map, at);
                    if (double.IsNaN(values[at]))
                        decoded.ShouldBe(double.NaN);
                    else if (Math.Abs(values[at]) > 1e300)
                        decoded.ShouldBe(values[at] > 0 ? double.PositiveInfinity : double.NegativeInfinity);
                    else
                        Math.Abs(decoded - values[at]).ShouldBeLessThanOrEqualTo(map.Tolerance);
                }
                map.Tolerance.ShouldBeLessThanOrEqualTo(map.Step / 2 * 1.001 + 1e-300);
            })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Integers_are_exact()
    {
        double[] values = [-3, double.NaN, 0, 255, 60_000];

        var map = QuantisedMap.From(values);

        map.Tolerance.ShouldBe(0);
        map.Finite.ShouldBe(4);
        Enumerable.Range(0, values.Length).Select(at => Decode(map, at)).ShouldBe(values);
    }

    [Fact]
    public void A_constant_is_exact_and_nothing_has_no_code()
    {
        var constant = QuantisedMap.From([0.1, 0.1]);
        (constant.Tolerance, Decode(constant, 1)).ShouldBe((0, 0.1));
        var nothing = QuantisedMap.From([double.NaN, double.NaN]);
        (nothing.Finite, nothing.Codes[0], nothing.Codes[1]).ShouldBe((0, (ushort)0, (ushort)0));
    }

    [Fact]
    public void Values_that_are_nearly_the_same_have_the_tolerance_of_the_arithmetic()
    {
        double[] values = [1e6, double.BitIncrement(1e6), 1e6 + 1e-9];

        var map = QuantisedMap.From(values);

        for (var at = 0; at < values.Length; at++)
            Math.Abs(Decode(map, at) - values[at]).ShouldBeLessThanOrEqualTo(map.Tolerance);
    }

    /// <summary>The value of a code, as the viewer computes it.</summary>
    private static double Decode(QuantisedMap map, int at) =>
        map.Codes[at] switch
        {
            0 => double.NaN,
            1 => double.NegativeInfinity,
            ushort.MaxValue => double.PositiveInfinity,
            var code => map.Minimum + ((code - 2) * map.Step),
        };
}
