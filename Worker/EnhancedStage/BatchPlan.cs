using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;

namespace HpcFit.Worker.EnhancedStage;

/// <summary>
/// How shuffles are divided into batches, whose maps are enhanced and published together, and batches into passes over the elements, each
/// of which reads and fits all of them. Results do not depend on it.
/// </summary>
/// <remarks>Memory is a limit, time an aim: a pass more costs more than a few seconds of work that a kill may lose.</remarks>
internal sealed class BatchPlan
{
    /// <summary>The default of <c>--batch-memory</c>: a grid cell of 700,000 elements and one hypothesis.</summary>
    public const long DefaultBytes = 768L << 20;

    /// <summary>The aimed duration of a batch, and of a pass: what was not finished is lost when the process ends.</summary>
    private const double AimedSeconds = 60;

    /// <summary>Memory for the maps of several batches, where one needs less.</summary>
    private const long BytesTogether = 128 << 20;

    /// <summary>Batches of a pass: more would hardly be faster.</summary>
    private const int MaxTogether = 8;

    /// <summary>Divides shuffles.</summary>
    /// <param name="shuffles">The shuffles, at least one; ranges may begin and end anywhere.</param>
    /// <param name="hypotheses">The number of hypotheses.</param>
    /// <param name="elements">Elements of the file.</param>
    /// <param name="bytes">Memory for the maps.</param>
    /// <param name="secondsPerShuffle">The estimated time of one shuffle; 0: unknown.</param>
    public BatchPlan(ElementSet shuffles, int hypotheses, int elements, long bytes, double secondsPerShuffle)
    {
        var bytesPerShuffle = sizeof(float) * (long)hypotheses * elements;
        // One array holds the maps of a hypothesis.
        var most = Math.Clamp(Math.Min(bytes / bytesPerShuffle, Array.MaxLength / elements), 1, EnhancedBlock.MaxShuffles);
        var batches = Cells(shuffles).SelectMany(cell => Divide(cell, most, secondsPerShuffle)).ToList();
        LargestBatch = (int)batches.Max(batch => batch.Count);
        var together = Math.Clamp(Math.Min(bytes, BytesTogether) / (bytesPerShuffle * LargestBatch), 1, MaxTogether);
        Passes =
        [
            .. Divide(new(0, batches.Count), together, shuffles.Count * secondsPerShuffle / batches.Count)
                .Select(pass => batches[(int)pass.First..(int)pass.End]),
        ];
        MostTogether = Passes.Max(pass => pass.Count);
    }

    /// <summary>The batches of each pass, ascending; none crosses a border of the grid.</summary>
    public IReadOnlyList<IReadOnlyList<ElementRange>> Passes { get; }

    /// <summary>The number of shuffles of the largest batch.</summary>
    public int LargestBatch { get; }

    /// <summary>The largest number of batches of a pass.</summary>
    public int MostTogether { get; }

    private static IEnumerable<ElementRange> Cells(ElementSet shuffles)
    {
        foreach (var range in shuffles)
        {
            for (var rest = range; rest.Count > 0; )
            {
                var border = (rest.First / EnhancedBlock.MaxShuffles * EnhancedBlock.MaxShuffles) + EnhancedBlock.MaxShuffles;
                yield return rest with
                {
                    End = Math.Min(rest.End, border),
                };
                rest = rest with { First = Math.Min(rest.End, border) };
            }
        }
    }

    /// <summary>Equal parts: as many as come closest to the aimed duration, and more where the limit requires it.</summary>
    private static IEnumerable<ElementRange> Divide(ElementRange all, long most, double secondsPerOne)
    {
        var byTime = Math.Min(Math.Round(all.Count * secondsPerOne / AimedSeconds), all.Count);
        var parts = Math.Max((all.Count + most - 1) / most, (long)byTime);
        for (var part = 0; part < parts; part++)
            yield return new(all.First + (all.Count * part / parts), all.First + (all.Count * (part + 1) / parts));
    }
}
