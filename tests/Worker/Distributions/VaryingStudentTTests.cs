using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Tests.Distributions;

/// <summary>Tails of t with degrees of freedom of their own against those computed one by one.</summary>
public sealed class VaryingStudentTTests
{
    private static readonly double[] Statistics =
    [
        0,
        1e-9,
        0.3,
        0.999999,
        1,
        1.000001,
        -1.7,
        1.8,
        2.1,
        -3.3,
        5,
        9,
        15,
        -38,
        60,
        1e3,
        1e60,
        double.PositiveInfinity,
        double.NaN,
    ];

    private static readonly double[] Degrees =
    [
        0.5,
        1,
        1.9,
        2,
        2.7,
        4,
        11.5,
        29.9,
        32,
        33.01,
        120.4,
        995.99,
        1e5,
        1e9,
        1e13,
        double.NaN,
        -1,
    ];

    [Fact]
    public void Tails_equal_those_of_single_values()
    {
        var (t, df) = Pairs();
        var p = new double[t.Length];
        VaryingStudentT.TwoSidedP(t, df, p);
        for (var i = 0; i < t.Length; i++)
        {
            var expected = StudentT.TwoSidedP(t[i], df[i]);
            if (double.IsNaN(expected))
                p[i].ShouldBe(double.NaN);
            else
                p[i].ShouldBe(expected, 5e-14 * expected, $"t {t[i]:R}, df {df[i]:R}");
        }
    }

    [Fact]
    public void Bits_do_not_depend_on_the_width_of_registers()
    {
        var (t, df) = Pairs();
        var expected = new double[t.Length];
        var p = new double[t.Length];
        VaryingStudentT.TwoSidedP<ScalarLane>(t, df, expected);
        VaryingStudentT.TwoSidedP(t, df, p);
        p.Select(BitConverter.DoubleToInt64Bits).ShouldBe(expected.Select(BitConverter.DoubleToInt64Bits));
    }

    private static (double[] T, double[] Df) Pairs()
    {
        var pairs = Statistics.SelectMany(t => Degrees.Select(df => (t, df))).ToArray();
        return ([.. pairs.Select(pair => pair.t)], [.. pairs.Select(pair => pair.df)]);
    }
}
