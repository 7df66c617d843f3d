using System.Globalization;

namespace HpcFit.Coordinator.Tables.Ranking;

/// <summary>How elements are ranked, and which of them count.</summary>
/// <param name="Order">The order.</param>
/// <param name="Below">Only elements whose value is less; null: no limit.</param>
/// <param name="Above">Only elements whose value is greater; null: no limit.</param>
internal sealed record ElementRanking(RowOrder Order, double? Below, double? Above)
{
    /// <summary>Ranks the elements, reading only the ranking column and the one that orders equal values.</summary>
    /// <param name="table">The analysis.</param>
    /// <param name="by">The ranking column.</param>
    /// <param name="ties">Orders elements with equal values, by magnitude; null: they keep their order.</param>
    /// <param name="limit">The number of elements to return.</param>
    /// <param name="token">Stops between two pieces.</param>
    public RankedElements Rank(ResultTable table, NumberColumn by, NumberColumn? ties, int limit, CancellationToken token)
    {
        var (piece, magnitudes) = (new double[RowPieces.Size], new double[RowPieces.Size]);
        var best = new PriorityQueue<RankedRow, RankedRow>(Comparer<RankedRow>.Create((one, other) => other.CompareTo(one)));
        var strongest = new RankedRow(double.NaN, int.MaxValue);
        long withValue = 0,
            passing = 0;
        foreach (var (first, count) in RowPieces.Divide(table.Rows, token))
        {
            var values = piece.AsSpan(0, count);
            by.Read(first, values);
            ties?.Read(first, magnitudes.AsSpan(0, count));
            for (var row = 0; row < count; row++)
            {
                if (double.IsNaN(values[row]))
                    continue;
                withValue++;
                var ranked = new RankedRow(RankedRow.KeyOf(Order, values[row]), (int)(first + row), 0 - Math.Abs(magnitudes[row]));
                if (ranked.CompareTo(strongest) < 0)
                    strongest = ranked;
                if (!Passes(values[row]))
                    continue;
                passing++;
                if (best.Count < limit)
                    best.Enqueue(ranked, ranked);
                else
                    best.EnqueueDequeue(ranked, ranked);
            }
        }
        var rows = new int[best.Count];
        for (var i = rows.Length - 1; i >= 0; i--)
            rows[i] = best.Dequeue().Row;
        return new(rows, withValue, passing, withValue > 0 ? strongest.Row : null);
    }

    /// <summary>The limits in words, such as <c>Age.p.value &lt; 0.05</c>; null: none.</summary>
    /// <param name="column">The name of the ranking column.</param>
    public string? Limits(string column)
    {
        var value = Order == RowOrder.Magnitude ? $"|{column}|" : column;
        string?[] limits =
        [
            Below is { } below ? $"{value} < {Shown(below)}" : null,
            Above is { } above ? $"{value} > {Shown(above)}" : null,
        ];
        return limits.OfType<string>().ToList() is { Count: > 0 } given ? string.Join(" and ", given) : null;
    }

    private static string Shown(double limit) => limit.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Limits apply to the magnitude if that ranks the elements.</summary>
    private bool Passes(double value)
    {
        if (Order == RowOrder.Magnitude)
            value = Math.Abs(value);
        return !(value >= Below) && !(value <= Above);
    }
}
