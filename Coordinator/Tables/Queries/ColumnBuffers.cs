namespace HpcFit.Coordinator.Tables.Queries;

/// <summary>The rows of the columns that expressions refer to, loaded piece by piece; each column is read once per piece.</summary>
internal sealed class ColumnBuffers
{
    private readonly Dictionary<NumberColumn, Buffer> _buffers = [];
    private long _firstRow;

    /// <summary>An expression that yields a column's value.</summary>
    public RowExpression CreateExpression(TableColumn column)
    {
        if (column is TextColumn text)
            return new TextExpression(row => text[_firstRow + row]);
        var number = (NumberColumn)column;
        if (!_buffers.TryGetValue(number, out var buffer))
            _buffers.Add(number, buffer = new());
        return new NumberExpression(ValueKind.Number, row => buffer.Values[row]);
    }

    /// <summary>Loads consecutive rows of all columns that expressions refer to.</summary>
    public void Load(long firstRow, int rows)
    {
        _firstRow = firstRow;
        foreach (var (column, buffer) in _buffers)
        {
            if (buffer.Values.Length < rows)
                buffer.Values = new double[rows];
            column.Read(firstRow, buffer.Values.AsSpan(0, rows));
        }
    }

    private sealed class Buffer
    {
        public double[] Values { get; set; } = [];
    }
}
