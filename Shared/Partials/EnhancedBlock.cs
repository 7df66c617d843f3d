namespace HpcFit.Shared.Partials;

/// <summary>
/// What a block of the enhanced stage holds. Its columns are the largest and the least value of the enhanced map, per hypothesis and
/// shuffle. Its bytes are, per hypothesis: the unpermuted enhanced map (float32, one value per element of the file, NaN outside the
/// analysis), then three counts per element (uint16) of the block's shuffles, each over all elements of the file.
/// </summary>
/// <param name="Hypotheses">The number of hypotheses.</param>
/// <param name="Elements">Elements of the data file.</param>
public readonly record struct EnhancedBlock(int Hypotheses, int Elements)
{
    /// <summary>Maximum number of shuffles of a block: the grid at which jobs are cut.</summary>
    public const int MaxShuffles = 256;

    /// <summary>Counts per hypothesis and element.</summary>
    public const int Counts = 3;

    /// <summary>The count of shuffles whose value is at least that of the unpermuted map.</summary>
    public const int AtLeast = 0;

    /// <summary>The count of shuffles whose value is at most that of the unpermuted map.</summary>
    public const int AtMost = 1;

    /// <summary>The count of shuffles whose absolute value is at least that of the unpermuted map.</summary>
    public const int AsExtreme = 2;

    /// <summary>The largest and the least value.</summary>
    public const int ColumnsPerHypothesis = 2;

    /// <summary>All bytes after the columns.</summary>
    /// <exception cref="OverflowException">They exceed what a block can hold.</exception>
    public int Bytes => checked((int)((long)Hypotheses * BytesPerHypothesis));

    private long BytesPerHypothesis => (long)Elements * (sizeof(float) + (Counts * sizeof(ushort)));

    /// <summary>Where the unpermuted map of a hypothesis begins, in bytes.</summary>
    public long MapAt(int hypothesis) => hypothesis * BytesPerHypothesis;

    /// <summary>Where one of the counts of a hypothesis begins, in bytes.</summary>
    public long CountsAt(int hypothesis, int which) => MapAt(hypothesis) + ((long)Elements * (sizeof(float) + (which * sizeof(ushort))));
}
