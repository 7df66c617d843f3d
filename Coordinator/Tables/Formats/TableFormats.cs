using System.Text.Json;

namespace HpcFit.Coordinator.Tables.Formats;

/// <summary>The formats of tables by name.</summary>
internal static class TableFormats
{
    /// <summary>A format.</summary>
    /// <param name="name"><c>csv</c>, <c>tsv</c>, <c>parquet</c> or <c>json</c>.</param>
    /// <param name="jsonFormat">The version of the JSON object.</param>
    /// <param name="writeFacts">Writes the properties of the JSON object that precede the rows.</param>
    public static ITableFormat Find(string name, int jsonFormat, Action<Utf8JsonWriter> writeFacts) =>
        name switch
        {
            "csv" => new DelimitedTable(','),
            "tsv" => new DelimitedTable('\t'),
            "parquet" => new ParquetTable(),
            _ => new JsonTable(jsonFormat, writeFacts),
        };
}
