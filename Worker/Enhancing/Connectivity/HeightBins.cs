using System.Numerics;
using System.Runtime.InteropServices;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// How many heights dh, 2 dh, … each statistic reaches, with its sign, for some maps side by side. Owns its memory.
/// </summary>
/// <typeparam name="TBin">A signed integer, of which the least value marks an element without a statistic.</typeparam>
/// <param name="elements">The number of elements of a map.</param>
/// <param name="lanes">The number of maps.</param>
/// <param name="limit">The largest number of heights; at most <see cref="ReachedHeights.Limit"/> and what a bin can hold.</param>
/// <param name="step">dh.</param>
internal sealed unsafe class HeightBins<TBin>(int elements, int lanes, int limit, double step) : IDisposable
    where TBin : unmanaged, IBinaryInteger<TBin>, IMinMaxValue<TBin>
{
    /// <summary>Elements whose bins are computed at once, map by map, before they are stored side by side.</summary>
    private const int Chunk = 256;

    private readonly ReachedHeights _heights = new(step);
    private TBin* _bins = (TBin*)NativeMemory.AlignedAlloc((nuint)elements * (nuint)lanes * (nuint)sizeof(TBin), 64);

    /// <summary>Frees the memory of an instance that was not disposed.</summary>
    ~HeightBins() => Dispose();

    /// <summary>Of an element without a statistic.</summary>
    public static TBin Missing => TBin.MinValue;

    /// <summary>The bins, by element and map; aligned.</summary>
    public TBin* First => _bins;

    /// <summary>Sets the bins of all maps.</summary>
    /// <param name="maps">As many maps as there are lanes or fewer, one after another; those that are lacking have no statistics.</param>
    /// <returns>Whether no statistic reaches more heights than the limit; otherwise the bins are not valid.</returns>
    public bool TryFill(ReadOnlySpan<float> maps)
    {
        Span<short> chunk = stackalloc short[Chunk];
        for (var first = 0; first < elements; first += Chunk)
        {
            var some = chunk[..Math.Min(Chunk, elements - first)];
            for (var lane = 0; lane < lanes; lane++)
            {
                if ((long)lane * elements < maps.Length)
                    _heights.Count(maps.Slice((lane * elements) + first, some.Length), some);
                else
                    some.Fill(ReachedHeights.Missing);
                if (!TryStore(some, _bins + ((long)first * lanes) + lane))
                    return false;
            }
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_bins);
        _bins = null;
        GC.SuppressFinalize(this);
    }

    private bool TryStore(ReadOnlySpan<short> bins, TBin* into)
    {
        var beyond = false;
        foreach (var bin in bins)
        {
            var isMissing = bin == ReachedHeights.Missing;
            beyond |= !isMissing && (uint)(bin + limit) > 2 * (uint)limit;
            *into = isMissing ? Missing : TBin.CreateTruncating(bin);
            into += lanes;
        }
        return !beyond;
    }
}
