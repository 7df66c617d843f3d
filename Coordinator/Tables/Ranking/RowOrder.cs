namespace HpcFit.Coordinator.Tables.Ranking;

/// <summary>How rows are ranked by a number.</summary>
internal enum RowOrder
{
    /// <summary>The smallest number first.</summary>
    Ascending,

    /// <summary>The largest number first.</summary>
    Descending,

    /// <summary>The largest magnitude first.</summary>
    Magnitude,
}
