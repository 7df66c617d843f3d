using System.Globalization;
using System.Text;

namespace HpcFit.Coordinator.Tables.Formats;

/// <summary>
/// A table for people: columns aligned and separated by two blanks, numbers rounded to five significant digits. For a few rows; all of them
/// are held in memory.
/// </summary>
internal sealed class AlignedTable : ITableFormat
{
    private const double LargestPlain = 1e6;
    private const double SmallestPlain = 1e-3;

    /// <inheritdoc/>
    public void Write(TableBatches table, IReadOnlyList<TableColumn> columns, Stream stream, CancellationToken token)
    {
        List<string[]> lines =
        [
            [.. columns.Select(column => column.Name)],
        ];
        foreach (var batch in table.Read(token))
        {
            for (var row = 0; row < batch.Rows; row++)
                lines.Add([.. batch.Columns.Select(cells => Cell(cells, row))]);
        }
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true)
        {
            NewLine = "\n",
        };
        var widths = columns.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
            writer.WriteLine(
                string.Join(
                        "  ",
                        line.Select(
                            (cell, column) => columns[column] is TextColumn ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])
                        )
                    )
                    .TrimEnd()
            );
    }

    /// <summary>A number rounded to five significant digits, as a decimal fraction or with an exponent.</summary>
    public static string Rounded(double value)
    {
        if (double.IsNaN(value))
            return "NA";
        if (double.IsInfinity(value))
            return value > 0 ? "Inf" : "-Inf";
        if (value == Math.Floor(value) && Math.Abs(value) < LargestPlain)
            return value.ToString("F0", CultureInfo.InvariantCulture);
        return Math.Abs(value) is >= SmallestPlain and < LargestPlain
            ? value.ToString("G5", CultureInfo.InvariantCulture)
            : value.ToString("0.####e-00", CultureInfo.InvariantCulture);
    }

    /// <summary>The cell of one row of a column.</summary>
    public static string Cell(TableColumn column, long row) =>
        column is TextColumn texts ? texts[row] : Number(column, ((NumberColumn)column).At(row));

    private static string Cell(BatchColumn cells, int row) =>
        cells.Column is TextColumn ? cells.Texts[row] : Number(cells.Column, cells.Numbers[row]);

    private static string Number(TableColumn column, double value) =>
        column is NumberColumn { IsWhole: true } || column.Name == ResultTable.ElementId
            ? value.ToString("F0", CultureInfo.InvariantCulture)
            : Rounded(value);
}
