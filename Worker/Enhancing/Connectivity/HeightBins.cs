using System.Runtime.InteropServices;

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

    private short* _bins = (short*)NativeMemory.AlignedAlloc((nuint)elements * Lanes * sizeof(short), 64);

    /// <summary>Frees the memory of an instance that was not disposed.</summary>
    ~HeightBins() => Dispose();

    /// <summary>The bins, by element and map; aligned.</summary>
    public short* First => _bins;

    /// <summary>Sets the bins of all maps.</summary>
    /// <param name="maps">Up to <see cref="Lanes"/> maps, one after another; those that are lacking have no statistics.</param>
    public void Fill(ReadOnlySpan<float> maps)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            var map = lane * elements < maps.Length ? maps.Slice(lane * elements, elements) : [];
            var bin = _bins + lane;
            for (var element = 0; element < elements; element++, bin += Lanes)
                *bin = map.IsEmpty ? Missing : Bin(map[element]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_bins);
        _bins = null;
        GC.SuppressFinalize(this);
    }

    private short Bin(float statistic)
    {
        double height = Math.Abs(statistic);
        if (double.IsNaN(height))
            return Missing;
        if (!(height > step))
            return 0;
        var reached = (short)Math.Min(Math.Floor(height / step), Limit);
        return statistic < 0 ? (short)-reached : reached;
    }
}
