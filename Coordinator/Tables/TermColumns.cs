using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Tables;

/// <summary>The columns of an analysis by which its elements are ranked and described unless others are requested.</summary>
internal static class TermColumns
{
    /// <summary>
    /// The column that orders elements with equal p-values of permutation tests, which are fractions of a number of shuffles: the statistic
    /// whose p-values they are, without those on a side that is not tested; null: other columns, whose equal values keep the order of
    /// elements.
    /// </summary>
    public static NumberColumn? ForTies(ResultTable table, NumberColumn by)
    {
        var name = StatisticName.FromColumn(by.Name);
        if (!name.IsPValue || !(name.Statistic.Contains(".perm", StringComparison.Ordinal) || name.IsFamilyWise))
            return null;
        return table.TryFind($"{name.Term}.{name.OfEnhanced ?? "z"}") is NumberColumn statistic
            ? OnSide(statistic, table.SideOf(name.Term))
            : null;
    }

    /// <summary>A statistic, 0 on the side that is not tested: its elements cannot be findings, however large its magnitude is.</summary>
    /// <param name="statistic">The column of the statistic.</param>
    /// <param name="side">The side that is tested.</param>
    public static NumberColumn OnSide(NumberColumn statistic, TestedSide side) =>
        side == TestedSide.Both
            ? statistic
            : new(
                statistic.Name,
                isWhole: false,
                (first, values) =>
                {
                    statistic.Read(first, values);
                    foreach (ref var value in values)
                        value = side == TestedSide.Upper ? Math.Max(0, value) : Math.Min(0, value);
                }
            );

    /// <summary>
    /// The family-wise p-value by permutation of the first term that has one, else the first corrected p-value of a term other than the
    /// intercept, else its first p-value, else that of the model.
    /// </summary>
    /// <exception cref="BadInputException">The analysis has no p-values.</exception>
    public static NumberColumn ForRanking(ResultTable table)
    {
        var names = table.Results.Select(column => (Column: column, Name: StatisticName.FromColumn(column.Name))).ToList();
        var permuted = names.Where(one => one.Name.IsFamilyWise).GroupBy(one => one.Name.Term).FirstOrDefault();
        return (permuted is null ? null : DecisiveColumn.Among(permuted.Select(one => one.Column)))
            ?? names.FirstOrDefault(one => one.Name is { IsCorrected: true, IsOfEffect: true }).Column
            ?? names.FirstOrDefault(one => one.Name is { IsPValue: true, IsOfEffect: true }).Column
            ?? names.FirstOrDefault(one => one.Name.IsCorrected).Column
            ?? names.FirstOrDefault(one => one.Name.IsPValue).Column
            ?? throw new BadInputException(
                $"The analysis '{table.Analysis}' has no column of p-values; name the column that ranks its elements with --by. "
                    + $"Columns: {string.Join(", ", table.Results.Select(column => column.Name))}."
            );
    }

    /// <summary>The element's id and position, and the statistics of the term that a column belongs to.</summary>
    public static IReadOnlyList<TableColumn> Around(ResultTable table, TableColumn by)
    {
        var term = StatisticName.FromColumn(by.Name).Term;
        return
        [
            .. table.Results.Where(column => column.Name == ResultTable.ElementId && column != by),
            .. table.Positions.Columns.Where(column => column != by),
            .. table.Results.Where(column => column == by || (term.Length > 0 && StatisticName.FromColumn(column.Name).Term == term)),
            .. table.Results.Contains(by) ? Array.Empty<TableColumn>() : [by],
        ];
    }
}
