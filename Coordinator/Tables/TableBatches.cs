namespace HpcFit.Coordinator.Tables;

/// <summary>
/// Reads the requested rows and columns batch by batch. A batch takes at most 64 MB, whatever the size of the table; within a batch each
/// column is read once, from its first to its last requested row.
/// </summary>
/// <param name="columns">The columns.</param>
/// <param name="rows">The rows in the order of the output; null: all.</param>
/// <param name="total">The number of rows of the table.</param>
internal sealed class TableBatches(IReadOnlyList<TableColumn> columns, int[]? rows, long total)
{
    private const long BatchBytes = 64L << 20;
    private readonly double[] _piece = new double[RowPieces.Size];

    /// <summary>The number of output rows.</summary>
    public long Rows => rows?.Length ?? total;

    /// <summary>The batches in the order of the output. Their memory is used again for the next one.</summary>
    public IEnumerable<TableBatch> Read(CancellationToken token)
    {
        var most = Math.Max(RowPieces.Size, BatchBytes / sizeof(double) / Math.Max(1, columns.Count));
        var capacity = (int)Math.Min(most, Math.Max(1, Rows));
        IReadOnlyList<BatchColumn> batch = [.. columns.Select(column => new BatchColumn(column, capacity))];
        for (long first = 0; first < Rows; first += capacity)
        {
            var count = (int)Math.Min(capacity, Rows - first);
            var wanted = rows is null ? null : new WantedRows(rows.AsSpan((int)first, count));
            foreach (var column in batch)
            {
                token.ThrowIfCancellationRequested();
                Fill(column, first, count, wanted);
            }
            yield return new(count, batch);
        }
    }

    private void Fill(BatchColumn target, long first, int count, WantedRows? wanted)
    {
        if (target.Column is TextColumn texts)
        {
            for (var i = 0; i < count; i++)
                target.Texts[i] = texts[rows?[first + i] ?? first + i];
        }
        else if (wanted is null)
        {
            for (var at = 0; at < count; at += RowPieces.Size)
                ((NumberColumn)target.Column).Read(first + at, target.Numbers.AsSpan(at, Math.Min(RowPieces.Size, count - at)));
        }
        else
        {
            wanted.Gather((NumberColumn)target.Column, _piece, target.Numbers);
        }
    }
}
