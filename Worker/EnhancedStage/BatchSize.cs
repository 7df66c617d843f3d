using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;

namespace HpcFit.Worker.EnhancedStage;

/// <summary>How many shuffles are computed at once: what fits into memory, and what is not much work to lose with the process.</summary>
internal static class BatchSize
{
    /// <summary>The default of <c>--batch-memory</c>: a grid cell of 700,000 elements and one hypothesis.</summary>
    public const long DefaultBytes = 768L << 20;

    /// <summary>A batch that was not finished is lost when its process ends.</summary>
    private const double MaxSeconds = 60;

    /// <summary>Memory for the maps of several batches, where one needs less.</summary>
    private const long BytesTogether = 128 << 20;

    /// <summary>Batches that are computed in one pass over the elements: more would hardly be faster.</summary>
    private const int MostTogether = 8;

    /// <summary>The number of shuffles.</summary>
    /// <param name="hypotheses">The number of hypotheses.</param>
    /// <param name="elements">Elements of the file.</param>
    /// <param name="bytes">Memory for the maps.</param>
    /// <param name="secondsPerShuffle">The estimated time of one shuffle; 0: unknown.</param>
    public static int Create(int hypotheses, int elements, long bytes, double secondsPerShuffle)
    {
        var byMemory = bytes / (sizeof(float) * (long)hypotheses * elements);
        var byTime = secondsPerShuffle > 0 ? MaxSeconds / secondsPerShuffle : EnhancedBlock.MaxShuffles;
        // One array holds the maps of a hypothesis.
        var byArray = Array.MaxLength / elements;
        return (int)Math.Clamp(Math.Min(Math.Min(byMemory, byTime), byArray), 1, EnhancedBlock.MaxShuffles);
    }

    /// <summary>How many batches share a pass over the elements, which reads and fits them.</summary>
    /// <param name="size">Shuffles of a batch.</param>
    /// <param name="hypotheses">The number of hypotheses.</param>
    /// <param name="elements">Elements of the file.</param>
    /// <param name="bytes">Memory for the maps.</param>
    /// <param name="secondsPerShuffle">The estimated time of one shuffle; 0: unknown.</param>
    public static int Together(int size, int hypotheses, int elements, long bytes, double secondsPerShuffle)
    {
        var byMemory = Math.Min(bytes, BytesTogether) / (sizeof(float) * (long)hypotheses * elements * size);
        var byTime = secondsPerShuffle > 0 ? MaxSeconds / (secondsPerShuffle * size) : MostTogether;
        return (int)Math.Clamp(Math.Min(byMemory, byTime), 1, MostTogether);
    }

    /// <summary>Cuts shuffles into batches, which do not cross the borders of the grid.</summary>
    public static IEnumerable<ElementRange> Cut(ElementSet shuffles, int size)
    {
        foreach (var range in shuffles)
        {
            for (var first = range.First; first < range.End; )
            {
                var border = (first / EnhancedBlock.MaxShuffles * EnhancedBlock.MaxShuffles) + EnhancedBlock.MaxShuffles;
                var end = Math.Min(Math.Min(range.End, border), first + size);
                yield return new(first, end);
                first = end;
            }
        }
    }
}
