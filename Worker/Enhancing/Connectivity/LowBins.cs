using System.Runtime.InteropServices;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// How many heights dh, 2 dh, … each statistic reaches, with its sign, for <see cref="Lanes"/> maps side by side, none of which reaches
/// more than <see cref="Limit"/>: a byte per statistic. Owns its memory.
/// </summary>
internal sealed unsafe class LowBins(int elements, double step) : IDisposable
{
    /// <summary>The number of maps.</summary>
    public const int Lanes = 32;

    /// <summary>The largest number of heights; with 0 and rounded up to whole registers it is still a signed byte.</summary>
    public const int Limit = 123;

    /// <summary>Of an element without a statistic.</summary>
    public const sbyte Missing = sbyte.MinValue;

    /// <summary>Elements whose bins are computed at once, map by map, before they are stored side by side.</summary>
    private const int Chunk = 256;

    private readonly ReachedHeights _heights = new(step);
    private sbyte* _bins = (sbyte*)NativeMemory.AlignedAlloc((nuint)elements * Lanes, 64);

    /// <summary>Frees the memory of an instance that was not disposed.</summary>
    ~LowBins() => Dispose();

    /// <summary>The bins, by element and map; aligned.</summary>
    public sbyte* First => _bins;

    /// <summary>Sets the bins of all maps.</summary>
    /// <param name="maps">Up to <see cref="Lanes"/> maps, one after another; those that are lacking have no statistics.</param>
    /// <returns>Whether no statistic reaches more heights than the limit; otherwise the bins are not valid.</returns>
    public bool TryFill(ReadOnlySpan<float> maps)
    {
        Span<short> chunk = stackalloc short[Chunk];
        for (var first = 0; first < elements; first += Chunk)
        {
            var some = chunk[..Math.Min(Chunk, elements - first)];
            for (var lane = 0; lane < Lanes; lane++)
            {
                if ((long)lane * elements < maps.Length)
                    _heights.Count(maps.Slice((lane * elements) + first, some.Length), some);
                else
                    some.Fill(ReachedHeights.Missing);
                if (!TryStore(some, _bins + ((long)first * Lanes) + lane))
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

    private static bool TryStore(ReadOnlySpan<short> bins, sbyte* into)
    {
        var beyond = 0;
        foreach (var bin in bins)
        {
            var isMissing = bin == ReachedHeights.Missing;
            beyond |= !isMissing && (uint)(bin + Limit) > 2 * Limit ? 1 : 0;
            *into = isMissing ? Missing : (sbyte)bin;
            into += Lanes;
        }
        return beyond == 0;
    }
}
