using System.Runtime.InteropServices;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// How many heights dh, 2 dh, … each statistic reaches, with its sign, for <see cref="Lanes"/> maps side by side. Owns its memory.
/// </summary>
internal sealed unsafe class HeightBins(int elements, double step) : IDisposable
{
    /// <summary>The number of maps.</summary>
    public const int Lanes = 16;

    /// <summary>The largest number of heights.</summary>
    public const int Limit = ReachedHeights.Limit;

    /// <summary>Of an element without a statistic.</summary>
    public const short Missing = ReachedHeights.Missing;

    /// <summary>Elements whose bins are computed at once, map by map, before they are stored side by side.</summary>
    private const int Chunk = 256;

    private readonly ReachedHeights _heights = new(step);
    private short* _bins = (short*)NativeMemory.AlignedAlloc((nuint)elements * Lanes * sizeof(short), 64);

    /// <summary>Frees the memory of an instance that was not disposed.</summary>
    ~HeightBins() => Dispose();

    /// <summary>The bins, by element and map; aligned.</summary>
    public short* First => _bins;

    /// <summary>Sets the bins of all maps.</summary>
    /// <param name="maps">Up to <see cref="Lanes"/> maps, one after another; those that are lacking have no statistics.</param>
    public void Fill(ReadOnlySpan<float> maps)
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
                    some.Fill(Missing);
                var bin = _bins + ((long)first * Lanes) + lane;
                foreach (var one in some)
                {
                    *bin = one;
                    bin += Lanes;
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_bins);
        _bins = null;
        GC.SuppressFinalize(this);
    }
}
