namespace HpcFit.Coordinator.Tables;

/// <summary>
/// The column of a term by which its elements count as findings: the p-value that controls the family-wise error by permutation, where the
/// analysis has one; else its first corrected p-value; else its first p-value.
/// </summary>
/// <remarks>
/// Of several family-wise p-values, the one of an enhanced statistic is preferred, because its enhancement was requested; then the one over
/// all tests; then the one of the statistic itself. One that a fitted distribution extrapolates is never preferred to the count.
/// </remarks>
internal static class DecisiveColumn
{
    /// <summary>Selects the column; null: none is a p-value.</summary>
    /// <param name="columns">The columns of a term, in the order of the analysis.</param>
    public static NumberColumn? Among(IEnumerable<NumberColumn> columns) =>
        columns
            .Select(column => (Column: column, Name: StatisticName.FromColumn(column.Name)))
            .Where(one => one.Name.IsPValue)
            .OrderBy(one => Rank(one.Name)) // stable: equals stay in their order
            .Select(one => one.Column)
            .FirstOrDefault();

    private static int Rank(StatisticName name) =>
        name switch
        {
            { IsFamilyWise: true, IsExtrapolated: false, OfEnhanced: not null } => 0,
            { IsFamilyWise: true, IsExtrapolated: false, IsOverTests: true } => 1,
            { IsFamilyWise: true, IsExtrapolated: false } => 2,
            { IsFamilyWise: true } => 3,
            { IsCorrected: true } => 4,
            _ => 5,
        };
}
