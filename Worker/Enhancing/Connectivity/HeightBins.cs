using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// How many heights dh, 2 dh, … each statistic reaches, with its sign, for <see cref="Lanes"/> maps side by side. Owns its memory.
/// </summary>
internal sealed unsafe class HeightBins(int elements, double step) : IDisposable
{
    /// <summary>The number of maps.</summary>
    public const int Lanes = 16;

    /// <summary>The largest number of heights; higher statistics count as if they reached only these.</summary>
    public const int Limit = 4094;

    /// <summary>Of an element without a statistic.</summary>
    public const short Missing = short.MinValue;

    /// <summary>Elements whose bins are computed at once, map by map, before they are stored side by side.</summary>
    private const int Chunk = 256;

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
                    Compute(maps.Slice((lane * elements) + first, some.Length), some);
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

    private void Compute(ReadOnlySpan<float> statistics, Span<short> bins)
    {
        var at = 0;
        for (; at <= bins.Length - Vector256<short>.Count; at += Vector256<short>.Count)
        {
            var low = Vector256.Create(statistics[at..]);
            var high = Vector256.Create(statistics[(at + Vector256<float>.Count)..]);
            Vector256.Narrow(Bins(low), Bins(high)).CopyTo(bins[at..]);
        }
        for (; at < bins.Length; at++)
            bins[at] = (short)Bins(Vector256.Create(statistics[at]))[0];
    }

    /// <summary>The bins of eight statistics; the quotients are those of double.</summary>
    private Vector256<int> Bins(Vector256<float> statistics)
    {
        var (low, high) = Vector256.Widen(Vector256.Abs(statistics));
        var reached = Vector256.Narrow(Reached(low), Reached(high));
        // A whole number up to the limit is exact as float32, too.
        var bins = Vector256.ConvertToInt32Native(Vector256.CopySign(reached, statistics));
        return Vector256.ConditionalSelect(Vector256.Equals(statistics, statistics).AsInt32(), bins, Vector256.Create((int)Missing));
    }

    /// <summary>0 up to one step, and the quotient without its fraction above.</summary>
    private Vector256<double> Reached(Vector256<double> heights) =>
        Vector256.ConditionalSelect(
            Vector256.LessThan(heights, Vector256.Create(Limit * step)),
            Vector256.Floor(heights / step) & Vector256.GreaterThan(heights, Vector256.Create(step)),
            Vector256.Create((double)Limit)
        );
}
