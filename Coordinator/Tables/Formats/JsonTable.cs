using System.Text.Encodings.Web;
using System.Text.Json;

namespace HpcFit.Coordinator.Tables.Formats;

/// <summary>
/// JSON (docs/formats/tables.md): an object with facts about the table and one object per row. Missing numbers are null, infinite ones the
/// texts <c>Inf</c> and <c>-Inf</c>.
/// </summary>
/// <param name="format">The version of the object's format.</param>
/// <param name="writeFacts">Writes the properties that precede columns and rows.</param>
internal sealed class JsonTable(int format, Action<Utf8JsonWriter> writeFacts) : ITableFormat
{
    private const int FlushBytes = 1 << 16;

    /// <summary>Options of the writers: indented objects are for people, but 600,000 rows are not.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public void Write(TableBatches table, IReadOnlyList<TableColumn> columns, Stream stream, CancellationToken token)
    {
        using var writer = new Utf8JsonWriter(stream, Options);
        writer.WriteStartObject();
        writer.WriteNumber("format", format);
        writeFacts(writer);
        writer.WriteStartArray("columns");
        foreach (var column in columns)
            writer.WriteStringValue(column.Name);
        writer.WriteEndArray();
        writer.WriteStartArray("rows");
        var names = columns.Select(column => JsonEncodedText.Encode(column.Name, Options.Encoder)).ToArray();
        foreach (var batch in table.Read(token))
        {
            for (var row = 0; row < batch.Rows; row++)
            {
                writer.WriteStartObject();
                for (var column = 0; column < names.Length; column++)
                    Cell(writer, names[column], batch.Columns[column], row);
                writer.WriteEndObject();
                if (writer.BytesPending > FlushBytes)
                    writer.Flush();
            }
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        stream.WriteByte((byte)'\n');
    }

    /// <summary>A property whose value is a number that JSON may lack.</summary>
    public static void Number(Utf8JsonWriter writer, JsonEncodedText name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else if (double.IsNaN(value))
            writer.WriteNull(name);
        else
            writer.WriteString(name, value > 0 ? "Inf" : "-Inf");
    }

    private static void Cell(Utf8JsonWriter writer, JsonEncodedText name, BatchColumn cells, int row)
    {
        if (cells.Column is TextColumn)
            writer.WriteString(name, cells.Texts[row]);
        else
            Number(writer, name, cells.Numbers[row]);
    }
}
