using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Tests.Algebra;

public sealed class PivotedQrTests
{
    /// <summary>NIST StRD, Longley: GNP deflator, GNP, unemployed, armed forces, population, year.</summary>
    private static readonly double[][] Longley =
    [
        [83.0, 88.5, 88.2, 89.5, 96.2, 98.1, 99.0, 100.0, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9],
        [234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546, 482704, 502601, 518173, 554894],
        [2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806, 4007],
        [1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572, 2827],
        [107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950, 123366, 125368, 127852, 130081],
        [1947, 1948, 1949, 1950, 1951, 1952, 1953, 1954, 1955, 1956, 1957, 1958, 1959, 1960, 1961, 1962],
    ];

    private static readonly double[] Employed =
    [
        60323,
        61122,
        60171,
        61187,
        63221,
        63639,
        64989,
        63761,
        66019,
        67857,
        68169,
        66513,
        68655,
        69564,
        69331,
        70551,
    ];

    [Fact]
    public void Longleys_certified_values_are_met()
    {
        var qr = Factored([Ones(16), .. Longley]);
        var y = (double[])Employed.Clone();
        qr.ApplyTransposed(y);
        var rss = y[7..].Sum(value => value * value);
        var variances = new double[7];
        qr.UnscaledVariances(variances, new double[7]);
        qr.BackSubstitute(y);

        double[] estimates =
        [
            -3482258.63459582,
            15.0618722713733,
            -0.358191792925910E-01,
            -2.02022980381683,
            -1.03322686717359,
            -0.511041056535807E-01,
            1829.15146461355,
        ];
        double[] errors =
        [
            890420.383607373,
            84.9149257747669,
            0.334910077722432E-01,
            0.488399681651699,
            0.214274163161675,
            0.226073200069370,
            455.478499142212,
        ];
        rss.ShouldBe(836424.055505915, 836424 * 1e-9);
        for (var c = 0; c < 7; c++)
        {
            y[c].ShouldBe(estimates[c], Math.Abs(estimates[c]) * 1e-8);
            Math.Sqrt(rss / 9 * variances[c]).ShouldBe(errors[c], errors[c] * 1e-9);
        }
    }

    [Fact]
    public void A_column_that_others_span_moves_to_the_right_edge_and_the_rest_keep_their_order()
    {
        double[] age = [3, 5, 8, 9, 12, 14, 17, 21],
            motion = [1, 4, 2, 2, 7, 1, 9, 3];
        var qr = Factored([Ones(8), age, [.. age.Select(a => (2 * a) - 1)], new double[8], motion]);

        qr.Rank.ShouldBe(3);
        qr.Pivots.ToArray().ShouldBe([0, 1, 4, 2, 3]);
    }

    [Theory]
    [InlineData(0.5e-7, 2)]
    [InlineData(2e-7, 3)]
    public void The_tolerance_is_on_the_columns_own_part_relative_to_its_length(double part, int rank)
    {
        double[] x = [1, -1, 1, -1],
            other = [1, 1, -1, -1];

        Factored([Ones(4), x, [.. x.Zip(other, (a, b) => (a + (part * b)) * 1e5)]]).Rank.ShouldBe(rank);
    }

    [Fact]
    public void The_basis_is_orthonormal_and_spans_the_columns()
    {
        var qr = Factored([Ones(16), .. Longley]);
        var basis = new double[16 * 7];
        qr.CopyBasis(basis);

        for (var a = 0; a < 7; a++)
        for (var b = 0; b < 7; b++)
            Enumerable.Range(0, 16).Sum(i => basis[(i * 7) + a] * basis[(i * 7) + b]).ShouldBe(a == b ? 1 : 0, 1e-14);
        for (var i = 0; i < 16; i++)
            Enumerable.Range(0, 7).Sum(k => basis[(i * 7) + k] * qr.R(k, 6)).ShouldBe(Longley[5][i], 1e-10);
    }

    [Fact]
    public void Factoring_again_allocates_nothing()
    {
        double[] x = [.. Ones(16), .. Longley.SelectMany(column => column)];
        var qr = new PivotedQr();
        qr.Factor(x, 16, 7);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
            qr.Factor(x, 16, 7);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static double[] Ones(int rows) => [.. Enumerable.Repeat(1.0, rows)];

    private static PivotedQr Factored(double[][] columns)
    {
        var qr = new PivotedQr();
        qr.Factor(columns.SelectMany(column => column).ToArray(), columns[0].Length, columns.Length);
        return qr;
    }
}
