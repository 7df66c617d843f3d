using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Shared.Partials;

/// <summary>
/// What a block of the enhanced stage holds. Its columns are the largest and the least value of the enhanced map, per hypothesis and
/// shuffle; then the largest value of the statistic itself and of its negative, NaN where no element has one. Its bytes are, per
/// hypothesis: the unpermuted enhanced map (float32, one value per element of the file, NaN outside the analysis), then three counts per
/// element (uint16) of the block's shuffles, each over all elements of the file; then three such counts of the statistic itself.
/// </summary>
/// <param name="Hypotheses">The number of hypotheses.</param>
/// <param name="Elements">Elements of the data file.</param>
/// <param name="HasStatistics">Whether it holds what concerns the statistic itself.</param>
public readonly record struct EnhancedBlock(int Hypotheses, int Elements, bool HasStatistics = false)
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

    /// <summary>The number of columns.</summary>
    public int Columns => Hypotheses * ColumnsPerHypothesis * Kinds;

    /// <summary>All bytes after the columns.</summary>
    /// <exception cref="OverflowException">They exceed what a block can hold.</exception>
    public int Bytes => checked((int)((long)Hypotheses * BytesPerHypothesis));

    private int Kinds => HasStatistics ? 2 : 1;

    private long BytesPerHypothesis => (long)Elements * (sizeof(float) + (Kinds * Counts * sizeof(ushort)));

    /// <summary>The block of a stage with some columns and bytes.</summary>
    /// <param name="columns">The columns of its partials.</param>
    /// <param name="bytes">The bytes of a block.</param>
    /// <param name="elements">Elements of the data file.</param>
    public static EnhancedBlock Create(int columns, int bytes, int elements)
    {
        var block = new EnhancedBlock(columns / ColumnsPerHypothesis, elements);
        return block.Bytes == bytes ? block : new(columns / ColumnsPerHypothesis / 2, elements, HasStatistics: true);
    }

    /// <summary>The count that is the numerator of p.</summary>
    /// <param name="side">The side that is tested.</param>
    public static int CountOf(TestedSide side) =>
        side switch
        {
            TestedSide.Upper => AtLeast,
            TestedSide.Lower => AtMost,
            _ => AsExtreme,
        };

    /// <summary>The first of the two columns of a hypothesis.</summary>
    public static int ColumnOf(int hypothesis) => ColumnsPerHypothesis * hypothesis;

    /// <summary>The first of the two columns of a hypothesis' statistic itself.</summary>
    public int StatisticColumnOf(int hypothesis) => ColumnsPerHypothesis * (Hypotheses + hypothesis);

    /// <summary>Where the unpermuted map of a hypothesis begins, in bytes.</summary>
    public long MapAt(int hypothesis) => hypothesis * BytesPerHypothesis;

    /// <summary>Where one of the counts of a hypothesis begins, in bytes.</summary>
    public long CountsAt(int hypothesis, int which) => MapAt(hypothesis) + ((long)Elements * (sizeof(float) + (which * sizeof(ushort))));

    /// <summary>Where one of the counts of a hypothesis' statistic itself begins, in bytes.</summary>
    public long StatisticCountsAt(int hypothesis, int which) => CountsAt(hypothesis, Counts + which);
}
