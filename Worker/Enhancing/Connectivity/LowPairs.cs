using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// For each pair of maps the weights of a fixel's connections by both bins at once, like <see cref="PairHistograms"/>, for maps of which
/// <see cref="LowMaps.Limit"/> is the limit and which are paired by <see cref="LaneOrder"/>. Owns its memory.
/// </summary>
internal sealed unsafe class LowPairs : IDisposable
{
    private const int Lanes = LowMaps.Lanes;
    private const int Half = Lanes / 2;
    private const int Pairs = Lanes / 2;
    private const int RowStep = 4;

    /// <summary>Places are 16 bits; every other map alone always has a place.</summary>
    private const int Capacity = 1 << 16;

    /// <summary>Sums of a fixel that stay in the core's second cache, more than this per connection are not worthwhile.</summary>
    private const int MostPerConnection = 32;
    private const int MostAtLeast = 8192;

    /// <summary>By how many connections places are computed ahead of their additions, and how many connections have places.</summary>
    private const int Ahead = 16;
    private const int Ring = 2 * Ahead;

    /// <summary>2^52, and its bits: to a whole number below, as the last bits of a double.</summary>
    private const double Whole = 4503599627370496;

    private readonly double[] _lower = new double[(LowMaps.Limit + 1 + RowStep) * Half];
    private readonly double[] _higher = new double[(LowMaps.Limit + 1 + RowStep) * Half];
    private long* _sums = (long*)NativeMemory.AlignedAlloc(Capacity * sizeof(long), 64);
    private long* _ofRows = (long*)NativeMemory.AlignedAlloc(RowStep * (LowMaps.Limit + 1) * sizeof(long), 64);
    private ushort* _places = (ushort*)NativeMemory.AlignedAlloc(Ring * Pairs * sizeof(ushort), 64);

    /// <summary>Frees the memory of an instance that was not disposed.</summary>
    ~LowPairs() => Dispose();

    /// <summary>The sums of the lower map of each pair, by bin and pair.</summary>
    public ReadOnlySpan<double> Lower => _lower;

    /// <summary>The sums of the higher map of each pair, by bin and pair.</summary>
    public ReadOnlySpan<double> Higher => _higher;

    /// <summary>The highest bin of the lower maps.</summary>
    public int HighestOfLower { get; private set; }

    /// <summary>The highest bin of the higher maps.</summary>
    public int HighestOfHigher { get; private set; }

    /// <summary>Sums the weights of a fixel's connections, per map by the lower one of the bins of both fixels.</summary>
    /// <param name="row">The connections.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="bins">The bins of all fixels.</param>
    /// <param name="own">The fixel's own bins.</param>
    /// <param name="reached">The number of heights that the fixel itself reaches in each map; 0 where it has no statistic.</param>
    /// <param name="order">The order of the lanes.</param>
    /// <param name="halves">Halves of the lanes that have maps.</param>
    public void Sum(
        ConnectivityRow row,
        ReadOnlySpan<long> weights,
        sbyte* bins,
        Vector256<sbyte> own,
        Vector256<sbyte> reached,
        Vector256<byte> order,
        int halves
    )
    {
        var signs = Vector256.LessThan(LaneOrder.Shuffle(own.AsByte(), order).AsSByte(), Vector256<sbyte>.Zero);
        var highest = LaneOrder.Shuffle(reached.AsByte(), order).AsSByte();
        // The lower maps ascend, the higher ones descend, in each half.
        (HighestOfLower, HighestOfHigher) = (Math.Max(highest[Half - 2], highest[Lanes - 2]), Math.Max(highest[1], highest[Half + 1]));
        Array.Clear(_lower, 0, (HighestOfLower + 1) * Half);
        Array.Clear(_higher, 0, (HighestOfHigher + 1) * Half);
        if (TrySum(row, weights, bins, signs, highest, order, halves, Math.Max(MostAtLeast, (long)MostPerConnection * row.Count)))
            return;
        // Maps with strong effects have many bins: then every other map has a histogram of its own.
        var lower = Vector256.Create((short)0x00FF).AsSByte();
        if (
            !TrySum(row, weights, bins, signs, highest & lower, order, halves, Capacity)
            || !TrySum(row, weights, bins, signs, Vector256.AndNot(highest, lower), order, halves, Capacity)
        )
            throw new UnreachableException("The histograms of every other map have no place.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_sums);
        NativeMemory.AlignedFree(_ofRows);
        NativeMemory.AlignedFree(_places);
        _sums = null;
        _ofRows = null;
        _places = null;
        GC.SuppressFinalize(this);
    }

    [SkipLocalsInit]
    private bool TrySum(
        ConnectivityRow row,
        ReadOnlySpan<long> weights,
        sbyte* bins,
        Vector256<sbyte> signs,
        Vector256<sbyte> highest,
        Vector256<byte> order,
        int halves,
        long most
    )
    {
        var heights = stackalloc sbyte[Lanes];
        var firsts = stackalloc ushort[Pairs];
        var factors = stackalloc sbyte[Lanes];
        highest.Store(heights);
        var length = 0;
        for (var pair = 0; pair < Pairs; pair++)
        {
            var stride = (heights[(2 * pair) + 1] + RowStep) / RowStep * RowStep;
            firsts[pair] = (ushort)length;
            (factors[2 * pair], factors[(2 * pair) + 1]) = ((sbyte)stride, 1);
            length += (heights[2 * pair] + 1) * stride;
        }
        if (length > Math.Min(most, Capacity))
            return false;
        if (row.Count == 0)
            return true;
        new Span<long>(_sums, length).Clear();
        fixed (long* weight = weights)
            Add(row, weight, bins, signs, highest, order, Vector256.Load(factors), Vector256.Load(firsts), halves);
        var unit = ConnectionWeights.UnitOf(row.Count);
        fixed (double* lower = _lower)
        fixed (double* higher = _higher)
            for (var pair = 0; pair < halves * (Pairs / 2); pair++)
            {
                if (heights[(2 * pair) + 1] > 0)
                    Collect(_sums + firsts[pair], factors[2 * pair], heights[2 * pair] + 1, unit, lower + pair, higher + pair);
                else if (heights[2 * pair] > 0)
                    CollectRows(_sums + firsts[pair], heights[2 * pair] + 1, unit, lower + pair);
            }
        return true;
    }

    /// <summary>Adds the weights of all connections; the places of a connection are computed a while before they are added to.</summary>
    /// <remarks>
    /// An addition would wait for a place that was just stored. And places need the vector units, which additions leave idle.
    /// </remarks>
    private void Add(
        ConnectivityRow row,
        long* weights,
        sbyte* bins,
        Vector256<sbyte> signs,
        Vector256<sbyte> highest,
        Vector256<byte> order,
        Vector256<sbyte> factors,
        Vector256<ushort> firsts,
        int halves
    )
    {
        var last = row.Count - 1;
        var others = row.Fixels;
        var places = _places;
        var sums = _sums;
        for (var at = 0; at < Ahead; at++)
            (Places(bins, others[Math.Min(at, last)], signs, highest, order, factors) + firsts).StoreAligned(places + (at * Pairs));
        for (var at = 0; at <= last; at++)
        {
            (Places(bins, others[Math.Min(at + Ahead, last)], signs, highest, order, factors) + firsts).StoreAligned(
                places + (((at + Ahead) & (Ring - 1)) * Pairs)
            );
            var weight = weights[at];
            var place = places + ((at & (Ring - 1)) * Pairs);
            sums[place[0]] += weight;
            sums[place[1]] += weight;
            sums[place[2]] += weight;
            sums[place[3]] += weight;
            sums[place[4]] += weight;
            sums[place[5]] += weight;
            sums[place[6]] += weight;
            sums[place[7]] += weight;
            if (halves == 1)
                continue;
            sums[place[8]] += weight;
            sums[place[9]] += weight;
            sums[place[10]] += weight;
            sums[place[11]] += weight;
            sums[place[12]] += weight;
            sums[place[13]] += weight;
            sums[place[14]] += weight;
            sums[place[15]] += weight;
        }
    }

    /// <summary>Per pair the place of a connection in its histogram.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Places(
        sbyte* bins,
        uint fixel,
        Vector256<sbyte> signs,
        Vector256<sbyte> highest,
        Vector256<byte> order,
        Vector256<sbyte> factors
    )
    {
        // An element without a statistic has the least value, which is its own negative: it is in bin 0, as if below all heights.
        var other = LaneOrder.Shuffle(Vector256.LoadAligned((byte*)bins + ((long)fixel * Lanes)), order).AsSByte();
        var lower = Vector256.Min(Vector256.Max((other ^ signs) - signs, Vector256<sbyte>.Zero), highest);
        return Places(lower.AsByte(), factors);
    }

    /// <summary>Of each pair the lower one times its factor, the stride, plus the higher one times 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Places(Vector256<byte> bins, Vector256<sbyte> factors)
    {
        if (Avx2.IsSupported)
            return Avx2.MultiplyAddAdjacent(bins, factors).AsUInt16();
        var (pairs, strides) = (bins.AsUInt16(), factors.AsUInt16() & Vector256.Create((ushort)0xFF));
        return ((pairs & Vector256.Create((ushort)0xFF)) * strides) + (pairs >>> 8);
    }

    /// <summary>The sums over rows and over columns.</summary>
    private void Collect(long* sums, int stride, int rows, double unit, double* lower, double* higher)
    {
        var ofRows = _ofRows;
        var end = sums + (rows * stride);
        for (var column = 0; column < stride; column += RowStep)
        {
            var ofColumns = Vector256.LoadAligned(sums + column);
            var rowSum = ofRows;
            if (column == 0)
                for (var cell = sums + stride; cell < end; cell += stride, rowSum += RowStep)
                {
                    var some = Vector256.LoadAligned(cell);
                    ofColumns += some;
                    some.Store(rowSum);
                }
            else
                for (var cell = sums + stride + column; cell < end; cell += stride, rowSum += RowStep)
                {
                    var some = Vector256.LoadAligned(cell);
                    ofColumns += some;
                    (Vector256.Load(rowSum) + some).Store(rowSum);
                }
            var values = ((ofColumns | Vector256.Create(Whole).AsInt64()).AsDouble() - Vector256.Create(Whole)) * unit;
            higher[0] = values[0];
            higher[Half] = values[1];
            higher[2 * Half] = values[2];
            higher[3 * Half] = values[3];
            higher += RowStep * Half;
        }
        for (var row = 1; row < rows; row++, ofRows += RowStep)
            lower[row * Half] = Sum(Vector256.Load(ofRows)) * unit;
    }

    private static void CollectRows(long* sums, int rows, double unit, double* lower)
    {
        for (var row = 1; row < rows; row++)
            lower[row * Half] = Sum(Vector256.LoadAligned(sums + (row * RowStep))) * unit;
    }

    private static double Sum(Vector256<long> values)
    {
        var half = values.GetLower() + values.GetUpper();
        return half[0] + half[1];
    }
}
