namespace HpcFit.Coordinator.Tables.Formats;

/// <summary>A format of tables.</summary>
internal interface ITableFormat
{
    /// <summary>Writes a table.</summary>
    /// <param name="table">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="stream">The output, which stays open.</param>
    /// <param name="token">Stops between two batches.</param>
    void Write(TableBatches table, IReadOnlyList<TableColumn> columns, Stream stream, CancellationToken token);
}
