using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using HpcFit.Shared.Partials;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// Counts per element the shuffles whose statistic is at least, at most, and in absolute value at least the unpermuted one, and takes the
/// largest statistic of every shuffle and sign. A workspace of one thread.
/// </summary>
/// <remarks>
/// Mirrored designs tie, but not in their last bits. Values count as equal that differ by less than 1e-10 of the unpermuted one, or by what
/// rounding may make of it (<see cref="StatisticRounding"/>), if that is more: of nearly perfect fits, and of statistics near 0.
/// </remarks>
/// <param name="layout">The extremes.</param>
internal sealed class ExtremesAndCounts(NullExtremes layout) : StatisticReceiver
{
    /// <summary>Counts per hypothesis.</summary>
    public const int Counts = 3;

    private const double Tolerance = 1e-10;

    private double[] _unpermuted = [];
    private double[] _margins = [];

    /// <summary>Per tile, whether ties may differ by more than the merge of extremes takes as equal.</summary>
    private bool[] _areWide = [];

    private double[] _counts = [];
    private ulong[] _keys = [];
    private int _length;
    private long _first;

    /// <summary>Begins a block.</summary>
    /// <param name="tiles">The number of its tiles.</param>
    /// <param name="first">The first shuffle that counts; of those before it, only the unpermuted statistics are taken.</param>
    public void Start(int tiles, long first = 0)
    {
        (_length, _first) = (tiles * TileKernel.Width, first);
        if (_unpermuted.Length < layout.Hypotheses * _length)
        {
            _unpermuted = new double[layout.Hypotheses * _length];
            _margins = new double[layout.Hypotheses * _length];
            _areWide = new bool[layout.Hypotheses * tiles];
            _counts = new double[layout.Hypotheses * Counts * _length];
        }
        Array.Fill(_unpermuted, double.NaN);
        Array.Clear(_counts);
        _keys = _keys.Length > 0 ? _keys : new ulong[layout.Bytes / sizeof(ulong)];
        Array.Clear(_keys);
    }

    /// <summary>The unpermuted statistics of a hypothesis, by element of the block; NaN where there is none.</summary>
    public ReadOnlySpan<double> Unpermuted(int hypothesis) => _unpermuted.AsSpan(hypothesis * _length, _length);

    /// <summary>The counts of a hypothesis, in the order of the type's summary, by element of the block.</summary>
    public ReadOnlySpan<double> Count(int hypothesis, int which) => _counts.AsSpan(((hypothesis * Counts) + which) * _length, _length);

    /// <summary>Adds the largest statistics of the block to others.</summary>
    /// <param name="into">The others.</param>
    /// <param name="scores">For each hypothesis the conversion to z, in which they are compared; null: none.</param>
    public void MergeExtremes(Span<byte> into, IReadOnlyList<NormalScores>? scores) =>
        NullExtremes.Merge(NullExtremes.Keys(into), Extremes(scores));

    /// <summary>The largest statistics of the block, from the first shuffle that counts.</summary>
    /// <param name="scores">For each hypothesis the conversion to z, in which they are compared; null: none.</param>
    public ReadOnlySpan<ulong> Extremes(IReadOnlyList<NormalScores>? scores)
    {
        for (var shuffle = 0L; scores is not null && shuffle < layout.Shuffles; shuffle++)
        for (var hypothesis = 0; hypothesis < layout.Hypotheses; hypothesis++)
        {
            // The conversion is monotonic, so the largest z is that of the largest statistic.
            var at = layout.At(shuffle, hypothesis);
            _keys[at] = NullExtremes.Key(scores[hypothesis].Exact(NullExtremes.Value(_keys[at])));
            _keys[at + 1] = NullExtremes.Key(-scores[hypothesis].Exact(-NullExtremes.Value(_keys[at + 1])));
        }
        return _keys;
    }

    /// <inheritdoc/>
    public override void ReceiveErrors(int hypothesis, int tile, ReadOnlySpan<double> errors) =>
        errors.CopyTo(_margins.AsSpan(First(hypothesis, tile)));

    /// <inheritdoc/>
    public override void Receive(int hypothesis, long shuffle, int tile, Span<double> statistics)
    {
        var first = First(hypothesis, tile);
        if (shuffle == 0)
            Begin(hypothesis, tile, statistics);
        if (shuffle < _first)
            return;
        if (_areWide[first / TileKernel.Width])
            Settle(hypothesis, tile, statistics);
        ref var values = ref MemoryMarshal.GetReference(statistics[..TileKernel.Width]);
        ref var unpermuted = ref MemoryMarshal.GetReference(_unpermuted.AsSpan(first, TileKernel.Width));
        ref var margins = ref MemoryMarshal.GetReference(_margins.AsSpan(first, TileKernel.Width));
        var counted = (hypothesis * Counts * _length) + (tile * TileKernel.Width);
        ref var counts = ref MemoryMarshal.GetReference(_counts.AsSpan(counted, ((Counts - 1) * _length) + TileKernel.Width));
        var (most, least) = (Vector512.Create(double.NegativeInfinity), Vector512.Create(double.PositiveInfinity));
        for (nuint lane = 0; lane < TileKernel.Width; lane += (nuint)Vector512<double>.Count)
        {
            var statistic = Vector512.LoadUnsafe(ref values, lane);
            Count(
                ref Unsafe.Add(ref counts, lane),
                statistic,
                Vector512.LoadUnsafe(ref unpermuted, lane),
                Vector512.LoadUnsafe(ref margins, lane)
            );
            // A comparison with NaN is false, so elements that are not tested do not count.
            most = Vector512.ConditionalSelect(Vector512.GreaterThan(statistic, most), statistic, most);
            least = Vector512.ConditionalSelect(Vector512.LessThan(statistic, least), statistic, least);
        }
        var (largest, smallest) = (double.NegativeInfinity, double.PositiveInfinity);
        for (var i = 0; i < Vector512<double>.Count; i++)
            (largest, smallest) = (Math.Max(largest, most[i]), Math.Min(smallest, least[i]));
        if (largest >= smallest)
            Keep(shuffle, hypothesis, largest, smallest);
    }

    /// <summary>Replaces statistics of a tile that tie with the unpermuted ones, but for the sign, by these.</summary>
    /// <param name="hypothesis">The hypothesis.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="statistics">The statistics of a shuffle.</param>
    public void Settle(int hypothesis, int tile, Span<double> statistics)
    {
        var first = First(hypothesis, tile);
        for (var lane = 0; lane < TileKernel.Width; lane += Vector512<double>.Count)
        {
            var part = statistics.Slice(lane, Vector512<double>.Count);
            var statistic = Vector512.Create<double>(part);
            var size = Vector512.Abs(Vector512.Create(_unpermuted.AsSpan(first + lane)));
            var isTie = Vector512.LessThanOrEqual(
                Vector512.Abs(Vector512.Abs(statistic) - size),
                Vector512.Create(_margins.AsSpan(first + lane))
            );
            Vector512.ConditionalSelect(isTie, Vector512.CopySign(size, statistic), statistic).CopyTo(part);
        }
    }

    /// <summary>Takes the unpermuted statistics, whose errors are known, and makes their margins.</summary>
    private void Begin(int hypothesis, int tile, ReadOnlySpan<double> statistics)
    {
        var first = First(hypothesis, tile);
        var isWide = false;
        for (var lane = 0; lane < TileKernel.Width; lane++)
        {
            var (size, error) = (Math.Abs(statistics[lane]), _margins[first + lane]);
            _unpermuted[first + lane] = statistics[lane];
            _margins[first + lane] = Math.Max(Tolerance * size, error);
            isWide |= error > Tolerance * Math.Max(1, size);
        }
        _areWide[first / TileKernel.Width] = isWide;
    }

    private int First(int hypothesis, int tile) => (hypothesis * _length) + (tile * TileKernel.Width);

    private void Keep(long shuffle, int hypothesis, double largest, double smallest)
    {
        var at = layout.At(shuffle - _first, hypothesis);
        _keys[at] = Math.Max(_keys[at], NullExtremes.Key(largest));
        _keys[at + 1] = Math.Max(_keys[at + 1], NullExtremes.Key(-smallest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Count(ref double counts, Vector512<double> statistic, Vector512<double> unpermuted, Vector512<double> margin)
    {
        var (size, one) = (Vector512.Abs(unpermuted), Vector512.Create(1.0));
        Add(ref counts, Vector512.GreaterThanOrEqual(statistic, unpermuted - margin) & one);
        Add(ref Unsafe.Add(ref counts, _length), Vector512.LessThanOrEqual(statistic, unpermuted + margin) & one);
        Add(ref Unsafe.Add(ref counts, 2 * _length), Vector512.GreaterThanOrEqual(Vector512.Abs(statistic), size - margin) & one);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref double counts, Vector512<double> more) => (Vector512.LoadUnsafe(ref counts) + more).StoreUnsafe(ref counts);
}
