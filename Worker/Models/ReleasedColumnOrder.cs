using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Worker.Models;

/// <summary>
/// The result columns in the order of the released ModelArray 0.1.5: in each group (terms, model) all terms' values of one statistic,
/// then the next statistic, and each correction right after its p-value, the last requested first. Since April 2026 ModelArray keeps a
/// term's statistics together and puts corrections after all of them, which is the default here.
/// </summary>
internal static class ReleasedColumnOrder
{
    /// <summary>The name of the order, as <c>--column-order</c> takes it.</summary>
    public const string Name = ModelSpec.ReleasedColumnOrder;

    /// <summary>The columns of a layout in that order; those of partial files do not change.</summary>
    /// <typeparam name="TGroup">The key of a group.</typeparam>
    /// <param name="columns">The columns, <c>element_id</c> first.</param>
    /// <param name="groupOf">The group of a partial column.</param>
    /// <param name="statisticOf">Its statistic.</param>
    /// <param name="staysLast">The partial columns that stay after all others, in their order.</param>
    public static List<ResultColumn> Apply<TGroup>(
        IReadOnlyList<ResultColumn> columns,
        Func<int, TGroup> groupOf,
        Func<int, string> statisticOf,
        Func<int, bool> staysLast
    )
    {
        var corrections = columns.Where(column => column.Source == ResultSource.Correction).ToLookup(column => column.PartialColumn);
        var statistics = columns.Where(column => column.Source == ResultSource.Partial && !staysLast(column.PartialColumn));
        // Groups and statistics in the order of their first occurrence, terms within them in their own order.
        var ordered = statistics
            .GroupBy(column => groupOf(column.PartialColumn))
            .SelectMany(group => group.GroupBy(column => statisticOf(column.PartialColumn)).SelectMany(terms => terms));
        return
        [
            .. columns.Where(column => column.Source == ResultSource.ElementId),
            .. ordered.SelectMany(column => (ResultColumn[])[column, .. corrections[column.PartialColumn].Reverse()]),
            .. columns.Where(column => column.Source == ResultSource.Partial && staysLast(column.PartialColumn)),
        ];
    }
}
