using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// For each pair of maps the weights of a fixel's connections by both bins at once: one addition serves two maps, whose own histograms are
/// the sums over rows and columns. Sums are exact, so that neither this nor the pairs have an influence on bits. Owns its memory.
/// </summary>
internal sealed unsafe class PairHistograms : IDisposable
{
    private const int Lanes = TallMaps.Lanes;
    private const int Pairs = Lanes / 2;

    /// <summary>The histograms of every other map alone, at the limit of heights: rows are padded to a register.</summary>
    private const int Capacity = Pairs * (ReachedHeights.Limit + 2) * RowStep;

    /// <summary>Sums of a fixel that stay in the core's second cache, more than this per connection are not worthwhile.</summary>
    private const int MostPerConnection = 16;
    private const int MostAtLeast = 4096;

    private const int RowStep = 4;

    /// <summary>Connections whose places stay in the core's first cache.</summary>
    private const int Piece = 32;

    private readonly int[] _rows = new int[Pairs];
    private readonly int[] _columns = new int[Pairs];
    private readonly long[] _columnSums = new long[ReachedHeights.Limit + RowStep + 1];
    private long* _sums = (long*)NativeMemory.AlignedAlloc(Capacity * sizeof(long), 64);
    private uint* _places = (uint*)NativeMemory.AlignedAlloc(Piece * Pairs * sizeof(uint), 64);

    /// <summary>Frees the memory of an instance that was not disposed.</summary>
    ~PairHistograms() => Dispose();

    /// <summary>Sums the weights of a fixel's connections, per map by the lower one of the bins of both fixels.</summary>
    /// <param name="row">The connections.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="bins">The bins of all fixels.</param>
    /// <param name="own">The fixel's own bins.</param>
    /// <param name="highest">The number of heights that the fixel itself reaches in each map; 0 where it has no statistic.</param>
    /// <param name="histograms">
    /// Receives the sums of bin 1 to the highest of each map, by bin and map; others are not changed.
    /// </param>
    public void Sum(
        ConnectivityRow row,
        ReadOnlySpan<long> weights,
        short* bins,
        Vector256<short> own,
        Vector256<short> highest,
        Span<double> histograms
    )
    {
        if (TrySum(row, weights, bins, own, highest, histograms, Math.Max(MostAtLeast, (long)MostPerConnection * row.Count)))
            return;
        // Maps with strong effects have many bins: then every other map has a histogram of its own.
        var even = Vector256.Create(0x0000FFFF).AsInt16();
        if (
            !TrySum(row, weights, bins, own, highest & even, histograms, Capacity)
            || !TrySum(row, weights, bins, own, Vector256.AndNot(highest, even), histograms, Capacity)
        )
            throw new UnreachableException("The histograms of every other map have no place.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_sums);
        NativeMemory.AlignedFree(_places);
        _sums = null;
        _places = null;
        GC.SuppressFinalize(this);
    }

    private bool TrySum(
        ConnectivityRow row,
        ReadOnlySpan<long> weights,
        short* bins,
        Vector256<short> own,
        Vector256<short> highest,
        Span<double> histograms,
        long most
    )
    {
        var firsts = stackalloc int[Pairs];
        var strides = stackalloc int[Pairs];
        var length = 0L;
        for (var pair = 0; pair < Pairs; pair++)
        {
            _rows[pair] = highest[2 * pair] + 1;
            _columns[pair] = highest[(2 * pair) + 1] + 1;
            (firsts[pair], strides[pair]) = ((int)length, (_columns[pair] + RowStep - 1) / RowStep * RowStep);
            length += (long)_rows[pair] * strides[pair];
            if (length > Math.Min(most, Capacity))
                return false;
        }
        new Span<long>(_sums, (int)length).Clear();
        fixed (long* weight = weights)
            Add(row, weight, bins, own, highest, Vector256.Load(strides), Vector256.Load(firsts));
        var unit = ConnectionWeights.UnitOf(row.Count);
        for (var pair = 0; pair < Pairs; pair++)
            if (_rows[pair] + _columns[pair] > 2)
                Collect(_sums + firsts[pair], strides[pair], _rows[pair], _columns[pair], unit, ref histograms[2 * pair]);
        return true;
    }

    private void Add(
        ConnectivityRow row,
        long* weights,
        short* bins,
        Vector256<short> own,
        Vector256<short> highest,
        Vector256<int> strides,
        Vector256<int> firsts
    )
    {
        // Places of some connections before all of their additions: an addition would wait for a place that was just stored.
        for (var at = 0; at < row.Count; at += Piece)
        {
            var count = Math.Min(Piece, row.Count - at);
            FindPlaces(row.Fixels + at, count, bins, own, highest, strides, firsts, _places);
            Add(weights + at, count, _places, _sums);
        }
    }

    private static void FindPlaces(
        uint* others,
        int count,
        short* bins,
        Vector256<short> own,
        Vector256<short> highest,
        Vector256<int> strides,
        Vector256<int> firsts,
        uint* places
    )
    {
        var sign = own >> 15;
        // Row and column of each pair are multiplied by its stride and by 1.
        var factors = (strides | Vector256.Create(1 << 16)).AsInt16();
        for (var at = 0; at < count; at++, places += Pairs)
        {
            // An element without a statistic has the least value, which is its own negative: it is in bin 0, as if below all heights.
            var other = Vector256.LoadAligned(bins + ((long)others[at] * Lanes));
            var bin = Vector256.Min(Vector256.Max((other ^ sign) - sign, Vector256<short>.Zero), highest);
            (Places(bin, factors, strides) + firsts).AsUInt32().StoreAligned(places);
        }
    }

    private static void Add(long* weights, int count, uint* places, long* sums)
    {
        for (var at = 0; at < count; at++, places += Pairs)
        {
            var weight = weights[at];
            sums[places[0]] += weight;
            sums[places[1]] += weight;
            sums[places[2]] += weight;
            sums[places[3]] += weight;
            sums[places[4]] += weight;
            sums[places[5]] += weight;
            sums[places[6]] += weight;
            sums[places[7]] += weight;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Places(Vector256<short> bin, Vector256<short> factors, Vector256<int> strides)
    {
        if (Avx2.IsSupported)
            return Avx2.MultiplyAddAdjacent(bin, factors);
        var pair = bin.AsInt32();
        return ((pair & Vector256.Create(0xFFFF)) * strides) + (pair >>> 16);
    }

    /// <summary>The sums over rows and over columns.</summary>
    private void Collect(long* sums, int stride, int rows, int columns, double unit, ref double histograms)
    {
        fixed (long* columnSums = _columnSums)
        {
            for (var column = 0; column < stride; column += RowStep)
                Vector256.LoadAligned(sums + column).Store(columnSums + column);
            for (var row = 1; row < rows; row++)
            {
                sums += stride;
                var rowSum = Vector256.LoadAligned(sums);
                (Vector256.Load(columnSums) + rowSum).Store(columnSums);
                for (var column = RowStep; column < stride; column += RowStep)
                {
                    var some = Vector256.LoadAligned(sums + column);
                    rowSum += some;
                    (Vector256.Load(columnSums + column) + some).Store(columnSums + column);
                }
                var half = rowSum.GetLower() + rowSum.GetUpper();
                Unsafe.Add(ref histograms, row * Lanes) = (half[0] + half[1]) * unit;
            }
            for (var column = 1; column < columns; column++)
                Unsafe.Add(ref histograms, (column * Lanes) + 1) = columnSums[column] * unit;
        }
    }
}
