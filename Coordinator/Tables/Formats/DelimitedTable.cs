using System.Buffers;
using System.Text;

namespace HpcFit.Coordinator.Tables.Formats;

/// <summary>
/// CSV or TSV: UTF-8, LF, a header, <c>NA</c> for missing numbers, and quotes around texts that need them (RFC 4180).
/// </summary>
/// <param name="separator">The character between cells.</param>
internal sealed class DelimitedTable(char separator) : ITableFormat
{
    private readonly SearchValues<char> _special = SearchValues.Create([separator, '"', '\n', '\r']);

    /// <inheritdoc/>
    public void Write(TableBatches table, IReadOnlyList<TableColumn> columns, Stream stream, CancellationToken token)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true)
        {
            NewLine = "\n",
        };
        writer.WriteLine(string.Join(separator, columns.Select(column => Quoted(column.Name))));
        Span<char> text = stackalloc char[CellText.MaxLength];
        foreach (var batch in table.Read(token))
        {
            for (var row = 0; row < batch.Rows; row++)
            {
                for (var column = 0; column < batch.Columns.Count; column++)
                {
                    if (column > 0)
                        writer.Write(separator);
                    var cells = batch.Columns[column];
                    writer.Write(cells.Column is TextColumn ? Quoted(cells.Texts[row]) : CellText.Format(cells.Numbers[row], text));
                }
                writer.Write('\n');
            }
        }
    }

    private string Quoted(string text) =>
        text.AsSpan().ContainsAny(_special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
