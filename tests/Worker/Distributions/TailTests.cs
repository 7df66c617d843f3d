using System.Runtime.Intrinsics.X86;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Tests.Distributions;

/// <summary>Tails of t and F against 40-digit values and against R, and the conventions at their edges.</summary>
public class TailTests
{
    [Theory]
    [InlineData("tails-exact.csv", 2e-13)]
    // R's own tails are accurate to about 1e-12 here.
    [InlineData("tails-r.csv", 2e-12)]
    public void Tails_agree_with_the_goldens_in_relative_terms(string file, double tolerance)
    {
        var wrong = new List<string>();
        var rows = GoldenTable.Rows(file).ToList();
        rows.Count.ShouldBeGreaterThan(150);
        foreach (var (name, row) in rows)
        {
            var (statistic, d1, d2, expected) = (row[0], row[1], row[2], row[3]);
            var logP = name == "t" ? StudentT.TwoSidedLogP(statistic, d2) : FisherF.UpperLogP(statistic, d1, d2);
            var p = name == "t" ? StudentT.TwoSidedP(statistic, d2) : FisherF.UpperP(statistic, d1, d2);
            // An error of ln p is a relative error of p; far out the exponent itself has limited precision.
            var allowed = tolerance * Math.Max(1, Math.Abs(expected) / 200);
            if (!(Math.Abs(logP - expected) <= allowed))
                wrong.Add($"{name} {statistic:R} ({d1}, {d2}): ln p {logP:R}, not {expected:R}");
            if (expected > -700 && !(Math.Abs(Math.Log(p) - expected) <= allowed + 2e-16 * Math.Abs(expected)))
                wrong.Add($"{name} {statistic:R} ({d1}, {d2}): p {p:R}, ln {Math.Log(p):R}, not {expected:R}");
        }
        wrong.ShouldBeEmpty(string.Join('\n', wrong));
    }

    [Fact]
    public void Edges_follow_R()
    {
        StudentT.TwoSidedP(0, 5).ShouldBe(1);
        StudentT.TwoSidedP(double.NegativeInfinity, 5).ShouldBe(0);
        StudentT.TwoSidedLogP(double.PositiveInfinity, 5).ShouldBe(double.NegativeInfinity);
        StudentT.TwoSidedP(-2.5, 7).ShouldBe(StudentT.TwoSidedP(2.5, 7));
        FisherF.UpperP(0, 2, 5).ShouldBe(1);
        FisherF.UpperP(-1, 2, 5).ShouldBe(1);
        FisherF.UpperLogP(0, 2, 5).ShouldBe(0);
        FisherF.UpperP(double.PositiveInfinity, 2, 5).ShouldBe(0);
        foreach (var bad in (double[])[0, -3, double.NaN])
        {
            StudentT.TwoSidedP(2, bad).ShouldBe(double.NaN);
            FisherF.UpperP(2, bad, 5).ShouldBe(double.NaN);
            FisherF.UpperLogP(2, 5, bad).ShouldBe(double.NaN);
        }
        StudentT.TwoSidedP(double.NaN, 5).ShouldBe(double.NaN);
        FisherF.UpperP(double.NaN, 2, 5).ShouldBe(double.NaN);
        // 2 (1 − Φ(1.959963984540054)), where Φ is the limit of t for infinite degrees of freedom.
        StudentT.TwoSidedP(1.959963984540054, double.PositiveInfinity).ShouldBe(0.05, 1e-15);
    }

    [Fact]
    public void A_batch_gives_the_bits_of_single_values()
    {
        double[] degrees = [0.3, 1, 12, 99.5, 1400, 1e6];
        double[] statistics = [.. Statistics()];
        var (p, logP) = (new double[statistics.Length], new double[statistics.Length]);
        foreach (var df in degrees)
        {
            StudentT.TwoSidedP(statistics, df, p);
            StudentT.TwoSidedLogP(statistics, df, logP);
            for (var i = 0; i < p.Length; i++)
                (StudentT.TwoSidedP(statistics[i], df), StudentT.TwoSidedLogP(statistics[i], df)).ShouldBe((p[i], logP[i]));
            FisherF.UpperP(statistics, 3, df, p);
            for (var i = 0; i < p.Length; i++)
                FisherF.UpperP(statistics[i], 3, df).ShouldBe(p[i]);
        }
    }

    [Theory]
    [InlineData(1, 0.3)]
    [InlineData(1, 7)]
    [InlineData(1, 996)]
    [InlineData(3, 1)]
    [InlineData(3, 996)]
    [InlineData(12, 250.5)]
    [InlineData(40, 12)]
    [InlineData(700, 1e6)]
    [InlineData(2, double.PositiveInfinity)]
    public void Every_register_width_gives_the_bits_of_single_values(double d1, double d2)
    {
        var random = new Random(5);
        double[] drawn = [.. Enumerable.Range(0, 4001).Select(_ => (random.NextDouble() - 0.2) * Math.Pow(10, random.Next(-3, 3)))];
        double[] statistics =
        [
            .. drawn,
            .. Statistics(),
            0,
            -0.0,
            1,
            double.NaN,
            double.PositiveInfinity,
            double.NegativeInfinity,
            1e-320,
            1e99,
            1e101,
            1e200,
            double.MaxValue,
        ];
        var tail = new FisherFTail(d1, d2, 48);
        foreach (var isRoot in new[] { false, true })
        {
            double[] expected =
            [
                .. statistics.Select(one => isRoot ? tail.P(StudentTTail.Square(one), StudentTTail.Excess(one)) : tail.P(one)),
            ];
            ShouldHaveBits<ScalarLane>(expected);
            ShouldHaveBits<Lanes128>(expected);
            if (Avx.IsSupported)
                ShouldHaveBits<Lanes256>(expected);
            if (Avx512F.IsSupported)
                ShouldHaveBits<Lanes512>(expected);

            void ShouldHaveBits<TLanes>(double[] values)
                where TLanes : struct, ILanes<TLanes>
            {
                var got = statistics.ToArray();
                tail.PInLanes<TLanes>(got, got, isRoot);
                for (var i = 0; i < got.Length; i++)
                    BitConverter
                        .DoubleToInt64Bits(got[i])
                        .ShouldBe(
                            BitConverter.DoubleToInt64Bits(values[i]),
                            $"{typeof(TLanes).Name}, F({d1}, {d2}), {statistics[i]:R}, {isRoot}"
                        );
            }
        }
    }

    [Fact]
    public void Bits_are_the_same_on_every_processor()
    {
        // Changes only when an algorithm changes; equal with DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0 and DOTNET_EnableHWIntrinsic=0.
        var hash = 14695981039346656037UL;
        void Add(double value) => hash = (hash ^ (double.IsNaN(value) ? 1 : BitConverter.DoubleToUInt64Bits(value))) * 1099511628211UL;
        var tables = new[] { TabulatedTail.TryCreate(1, 996)!, TabulatedTail.TryCreate(3, 1400)! };
        foreach (var x in Statistics())
        {
            foreach (var table in tables)
                Add(table.P(x, isRoot: true));
            Add(ReproducibleMath.Exp(x));
            Add(ReproducibleMath.Expm1(x));
            Add(ReproducibleMath.Log(x));
            Add(ReproducibleMath.Log1p(x));
            Add(ReproducibleMath.Log2(x));
            Add(ReproducibleMath.Log10(x));
            Add(ReproducibleMath.LogGamma(x));
            Add(ReproducibleMath.Pow(Math.Abs(x), 1.7));
            foreach (var df in (double[])[0.3, 1, 12, 99.5, 1400, 1e6])
            {
                Add(StudentT.TwoSidedP(x, df));
                Add(StudentT.TwoSidedLogP(x, df));
                Add(FisherF.UpperP(x, 3, df));
                Add(FisherF.UpperLogP(x, df, 20));
            }
        }
        hash.ShouldBe(1550874672247837129UL);
    }

    /// <summary>
    /// Statistics of both signs from 1e-8 to 1e8, dense around 1, from whole numbers so that they are the same everywhere.
    /// </summary>
    private static IEnumerable<double> Statistics()
    {
        for (var i = -40; i <= 160; i++)
            yield return i / 16.0;
        for (var (i, scale) = (0, 1.0); i < 27; i++, scale *= 2)
        {
            yield return scale * 1.25;
            yield return -1.25 / scale;
            yield return 1.25 / scale;
        }
    }
}
