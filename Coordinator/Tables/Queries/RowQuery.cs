using HpcFit.Coordinator.Tables.Ranking;

namespace HpcFit.Coordinator.Tables.Queries;

/// <summary>Which rows of a table are wanted, and in which order.</summary>
internal sealed record RowQuery
{
    /// <summary>Only rows in which this condition is true, neither false nor missing; null: all.</summary>
    public string? Where { get; init; }

    /// <summary>The column or expression that ranks the rows; null: the order of the elements.</summary>
    public string? Sort { get; init; }

    /// <summary>The direction of <see cref="Sort"/>. Equal values keep the order of the elements; missing ones come last.</summary>
    public RowOrder Order { get; init; } = RowOrder.Ascending;

    /// <summary>Executes the query, reading only the columns that it names.</summary>
    /// <returns>The rows in the requested order; null: all rows in the order of the elements.</returns>
    /// <exception cref="ExpressionException">An expression cannot be parsed.</exception>
    public int[]? Execute(ResultTable table, CancellationToken token)
    {
        if (Where is null && Sort is null)
            return null;
        var buffers = new ColumnBuffers();
        var condition = Where is null ? null : ExpressionParser.ParseCondition(Where, table.TryFind, table.Hint, buffers);
        var key = Sort is null ? null : ExpressionParser.Parse(Sort, table.TryFind, table.Hint, buffers);
        var (rows, numbers, texts) = (new List<int>(), new List<double>(), new List<string>());
        foreach (var (first, count) in RowPieces.Divide(table.Rows, token))
        {
            buffers.Load(first, count);
            for (var row = 0; row < count; row++)
            {
                if (condition is not null && condition.ValueAt(row) != 1)
                    continue;
                rows.Add(checked((int)(first + row)));
                if (key is NumberExpression number)
                    numbers.Add(RankedRow.KeyOf(Order, number.ValueAt(row)));
                else if (key is TextExpression text)
                    texts.Add(text.TextAt(row));
            }
        }
        if (key is NumberExpression)
            return RankedRow.Sort(rows, numbers);
        return key is TextExpression ? Sorted(rows, texts) : [.. rows];
    }

    private int[] Sorted(List<int> rows, List<string> texts)
    {
        var order = Enumerable.Range(0, rows.Count);
        var byText =
            Order == RowOrder.Ascending
                ? order.OrderBy(at => texts[at], StringComparer.Ordinal)
                : order.OrderByDescending(at => texts[at], StringComparer.Ordinal);
        return [.. byText.Select(at => rows[at])];
    }
}
