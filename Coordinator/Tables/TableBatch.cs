namespace HpcFit.Coordinator.Tables;

/// <summary>The values of some consecutive output rows.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Columns">One column of values each; the first <paramref name="Rows"/> of each are valid.</param>
internal sealed record TableBatch(int Rows, IReadOnlyList<BatchColumn> Columns);

/// <summary>The values of one column in a batch.</summary>
/// <param name="column">The column.</param>
/// <param name="capacity">The largest number of rows of a batch.</param>
internal sealed class BatchColumn(TableColumn column, int capacity)
{
    /// <summary>The column.</summary>
    public TableColumn Column { get; } = column;

    /// <summary>The values of a column of numbers; empty for texts.</summary>
    public double[] Numbers { get; } = column is NumberColumn ? new double[capacity] : [];

    /// <summary>The values of a column of texts; empty for numbers.</summary>
    public string[] Texts { get; } = column is TextColumn ? new string[capacity] : [];
}
