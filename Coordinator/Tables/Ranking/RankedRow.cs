namespace HpcFit.Coordinator.Tables.Ranking;

/// <summary>
/// A row with its rank: rows are ordered by key, equal keys by tie, then by row; a missing (NaN) key is last.
/// </summary>
/// <param name="Key">The key; smaller is earlier.</param>
/// <param name="Row">The row.</param>
/// <param name="Tie">What orders equal keys; smaller is earlier, NaN is last.</param>
internal readonly record struct RankedRow(double Key, int Row, double Tie = 0) : IComparable<RankedRow>
{
    /// <summary>The key of a value in an order.</summary>
    public static double KeyOf(RowOrder order, double value) =>
        order switch
        {
            RowOrder.Ascending => value,
            RowOrder.Descending => -value,
            _ => -Math.Abs(value),
        };

    /// <summary>The rows in the order of their keys.</summary>
    public static int[] Sort(List<int> rows, List<double> keys)
    {
        var ranked = new RankedRow[rows.Count];
        for (var i = 0; i < ranked.Length; i++)
            ranked[i] = new(keys[i], rows[i]);
        Array.Sort(ranked);
        return Array.ConvertAll(ranked, one => one.Row);
    }

    /// <inheritdoc/>
    public int CompareTo(RankedRow other)
    {
        if (Key < other.Key)
            return -1;
        if (Key > other.Key)
            return 1;
        var missing = double.IsNaN(Key).CompareTo(double.IsNaN(other.Key));
        if (missing != 0)
            return missing;
        var withTie = double.IsNaN(Tie).CompareTo(double.IsNaN(other.Tie));
        return withTie != 0 ? withTie
            : Tie < other.Tie ? -1
            : Tie > other.Tie ? 1
            : Row.CompareTo(other.Row);
    }
}
