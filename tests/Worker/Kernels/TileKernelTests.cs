using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Tests.Kernels;

public sealed class TileKernelTests
{
    private const int Rows = 37;
    private const int Width = TileKernel.Width;

    public static TheoryData<int, bool, bool> Shapes()
    {
        var shapes = new TheoryData<int, bool, bool>();
        foreach (var columns in new[] { 1, 2, 3, 4, 5, 7, 8, 11 })
        foreach (var singles in new[] { false, true })
        foreach (var gaps in new[] { false, true })
            shapes.Add(columns, singles, gaps);
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_register_width_gives_the_same_bits(int columns, bool singles, bool gaps)
    {
        var data = new Data(columns, singles, gaps);
        var expected = RunAll(new TileKernel<ScalarLane>(), data);

        foreach (var kernel in Kernels())
            RunAll(kernel, data).ShouldBe(expected, kernel.GetType().ToString());
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sums_equal_the_plain_ones_over_each_lanes_finite_rows(int columns, bool singles, bool gaps)
    {
        var data = new Data(columns, singles, gaps);
        var kernel = TileKernel.Create(KernelChoice.Auto);
        var projections = new double[columns * Width];
        var squares = new double[Width];
        kernel.ProjectFinite(data.Tile, data.Basis, columns, projections);
        kernel.SumFiniteResidualSquares(data.Tile, data.Basis, columns, projections, squares);

        for (var lane = 0; lane < Width; lane++)
        {
            var rows = Enumerable.Range(0, Rows).Where(i => double.IsFinite(data.Value(i, lane))).ToList();
            for (var j = 0; j < columns; j++)
                projections[(j * Width) + lane].ShouldBe(rows.Sum(i => data.Value(i, lane) * data.Basis[(i * columns) + j]), 1e-12);
            var expected = rows.Sum(i =>
                Math.Pow(
                    data.Value(i, lane)
                        - Enumerable.Range(0, columns).Sum(j => data.Basis[(i * columns) + j] * projections[(j * Width) + lane]),
                    2
                )
            );
            squares[lane].ShouldBe(expected, 1e-10 * expected);
        }
    }

    [Fact]
    public void A_gap_anywhere_makes_the_first_projection_of_its_lane_non_finite_and_no_other()
    {
        foreach (var gap in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            var data = new Data(3, singles: false, gaps: false);
            Array.Clear(data.Basis);
            data.Doubles[data.RowStarts[20] + 5] = gap;
            var projections = new double[3 * Width];

            TileKernel.Create(KernelChoice.Auto).Project(data.Tile, data.Basis, 3, projections);

            for (var lane = 0; lane < Width; lane++)
                double.IsFinite(projections[lane]).ShouldBe(lane != 5);
        }
    }

    internal static IEnumerable<TileKernel> Kernels()
    {
        yield return new TileKernel<Lanes128>();
        if (System.Runtime.Intrinsics.X86.Avx.IsSupported)
            yield return new TileKernel<Lanes256>();
        if (System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            yield return new TileKernel<Lanes512>();
        if (System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            yield return new TileKernel<LanePair<Lanes512>>();
    }

    private static long[] RunAll(TileKernel kernel, Data data)
    {
        var (columns, packed) = (data.Columns, data.Columns * (data.Columns + 1) / 2);
        double[] projections = new double[columns * Width],
            left = new double[columns * Width],
            gram = new double[packed * Width];
        double[] a = new double[columns * Width],
            variances = new double[columns * Width],
            x = new double[columns * Width];
        double[] squares = new double[Width],
            leftSquares = new double[Width],
            missing = new double[Width];
        double[] pivots = new double[Width],
            tolerances = new double[Width];
        kernel.Project(data.Tile, data.Basis, columns, projections);
        kernel.SumResidualSquares(data.Tile, data.Basis, columns, projections, squares);
        kernel.BackSubstitute(data.Upper, columns, projections, x);
        kernel.ProjectFinite(data.Tile, data.Basis, columns, left);
        kernel.SumMissingGram(data.Tile, data.Basis, columns, gram, missing);
        kernel.SolveOnObservedRows(data.Upper, columns, gram, left, a, variances, pivots, tolerances);
        kernel.SumFiniteResidualSquares(data.Tile, data.Basis, columns, a, leftSquares);

        // The bits of the NaN depend on the instruction.
        return
        [
            .. new[] { projections, squares, x, left, gram, a, variances, leftSquares, missing, pivots, tolerances }
                .SelectMany(values => values)
                .Select(value => double.IsNaN(value) ? -1 : BitConverter.DoubleToInt64Bits(value)),
        ];
    }

    /// <summary>
    /// A tile in the middle of wider rows, with a small-norm basis (so that I - gram stays positive) and gaps in odd lanes.
    /// </summary>
    private sealed class Data
    {
        private const int Stride = Width + 5;

        public Data(int columns, bool singles, bool gaps)
        {
            var random = new Random(17 + columns);
            Columns = columns;
            Basis = [.. Enumerable.Range(0, Rows * columns).Select(_ => (random.NextDouble() - 0.5) * 0.3)];
            Upper =
            [
                .. Enumerable
                    .Range(0, columns * columns)
                    .Select(i => i % (columns + 1) == 0 ? 2 + random.NextDouble() : random.NextDouble()),
            ];
            RowStarts = [.. Enumerable.Range(0, Rows).Select(i => (i * 7 % Rows * Stride) + 2)];
            Doubles = [.. Enumerable.Range(0, Rows * Stride + Width).Select(_ => (double)(float)(random.NextDouble() * 3))];
            if (gaps)
                for (var lane = 1; lane < Width; lane += 2)
                for (var i = 0; i < lane % 6; i++)
                    Doubles[RowStarts[random.Next(Rows)] + lane] = i % 3 == 0 ? double.PositiveInfinity : double.NaN;
            Singles = singles ? [.. Doubles.Select(value => (float)value)] : [];
        }

        public int Columns { get; }

        public double[] Basis { get; }

        public double[] Upper { get; }

        public int[] RowStarts { get; }

        public double[] Doubles { get; }

        public float[] Singles { get; }

        public ElementTile Tile => Singles.Length > 0 ? new(Singles, RowStarts) : new(Doubles, RowStarts);

        public double Value(int row, int lane) => Doubles[RowStarts[row] + lane];
    }
}
