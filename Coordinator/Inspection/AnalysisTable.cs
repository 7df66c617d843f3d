using System.Globalization;
using System.Text;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Inspection;

/// <summary>An analysis as a text table with one row per element; columns are read in pieces, so that memory use is bounded.</summary>
internal static class AnalysisTable
{
    private const int RowsPerPiece = 8192;

    /// <summary>
    /// Writes a header and all rows in UTF-8 with LF line ends. Numbers have the shortest text that parses to the same bits; NaN is
    /// <c>NA</c>, as in R.
    /// </summary>
    public static void Write(AnalysisColumns table, IReadOnlyList<string> columns, char separator, Stream stream, CancellationToken token)
    {
        var indices = columns.Select(table.IndexOf).ToArray();
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true)
        {
            NewLine = "\n",
        };
        writer.WriteLine(string.Join(separator, columns.Select(name => Name(name, separator))));
        var values = columns.Select(_ => new double[RowsPerPiece]).ToArray();
        Span<char> text = stackalloc char[32];
        for (long first = 0; first < table.Summary.Elements; first += RowsPerPiece)
        {
            token.ThrowIfCancellationRequested();
            var rows = (int)Math.Min(RowsPerPiece, table.Summary.Elements - first);
            for (var column = 0; column < indices.Length; column++)
                table.Read(indices[column], first, values[column].AsSpan(0, rows));
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < indices.Length; column++)
                {
                    if (column > 0)
                        writer.Write(separator);
                    writer.Write(Number(values[column][row], text));
                }
                writer.Write('\n');
            }
        }
    }

    private static ReadOnlySpan<char> Number(double value, Span<char> text)
    {
        if (double.IsNaN(value))
            return "NA";
        if (double.IsInfinity(value))
            return value > 0 ? "Inf" : "-Inf";
        return value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture)
            ? text[..length]
            : value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static string Name(string name, char separator) =>
        name.IndexOfAny([separator, '"', '\n']) < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
