using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace HpcFit.Coordinator.Tables.Formats;

/// <summary>
/// Apache Parquet: float64, nullable, for results and positions; int32 for codes and indices; UTF-8 for texts. Missing numbers are null,
/// because NaN in the statistics of a column would mislead readers that skip row groups by them.
/// </summary>
internal sealed class ParquetTable : ITableFormat
{
    /// <inheritdoc/>
    public void Write(TableBatches table, IReadOnlyList<TableColumn> columns, Stream stream, CancellationToken token) =>
        WriteAsync(table, columns, stream, token).GetAwaiter().GetResult();

    private static async Task WriteAsync(TableBatches table, IReadOnlyList<TableColumn> columns, Stream stream, CancellationToken token)
    {
        DataField[] fields = [.. columns.Select(Field)];
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest };
        var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, options, false, token);
        await using (writer)
        {
            foreach (var batch in table.Read(token))
            {
                using var group = writer.CreateRowGroup();
                for (var column = 0; column < fields.Length; column++)
                    await WriteColumn(group, fields[column], batch.Columns[column], batch.Rows, token);
                group.CompleteValidate();
            }
        }
    }

    private static DataField Field(TableColumn column) =>
        column switch
        {
            TextColumn => new DataField<string>(column.Name, nullable: false),
            NumberColumn { IsWhole: true } => new DataField<int>(column.Name, nullable: false),
            _ => new DataField<double>(column.Name, nullable: true),
        };

    private static Task WriteColumn(ParquetRowGroupWriter group, DataField field, BatchColumn cells, int rows, CancellationToken token) =>
        cells.Column switch
        {
            TextColumn => group.WriteAsync(field, new ArraySegment<string>(cells.Texts, 0, rows)),
            NumberColumn { IsWhole: true } => group.WriteAsync<int>(
                field,
                Array.ConvertAll(cells.Numbers[..rows], value => (int)value),
                cancellationToken: token
            ),
            _ => group.WriteAsync<double>(
                field,
                Array.ConvertAll(cells.Numbers[..rows], value => double.IsNaN(value) ? null : (double?)value),
                cancellationToken: token
            ),
        };
}
