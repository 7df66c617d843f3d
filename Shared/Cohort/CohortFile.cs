using System.Text;
using CsvHelper;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Cohort;

/// <summary>Reads a cohort's CSV or TSV file by the rules of R's read.csv; input that these rules would corrupt silently is
/// refused.</summary>
/// <remarks>
/// As in R: blanks around unquoted column names are stripped, blanks inside fields are kept, empty lines are skipped, and if every row has
/// one field more than the header, the first column contains row names and is dropped. Refused, although R accepts them: shorter or longer
/// rows (R fills them), a trailing separator in rows but not in the header (R shifts every value by a column), and quotes inside unquoted
/// fields.
/// </remarks>
internal static class CohortFile
{
    /// <summary>The typed columns of a file.</summary>
    /// <param name="path">The file, for messages and its extension.</param>
    /// <param name="text">Its text.</param>
    /// <param name="checkNames">Make the column names legal and unique as R does.</param>
    /// <param name="column">Creates a column from its name and fields.</param>
    /// <exception cref="BadInputException">The file is empty, or a row does not fit the header.</exception>
    /// <exception cref="CsvFormatException">A quote is where the format does not allow it.</exception>
    public static IReadOnlyList<CohortColumn> Parse(string path, string text, bool checkNames, Func<string, string[], CohortColumn> column)
    {
        var separator = Separator(text, path);
        var bytes = Encoding.UTF8.GetBytes(text);
        var (written, end) = Header(bytes, text, separator, path);
        var fields = Fields(Encoding.UTF8.GetString(bytes.AsSpan(end)), separator, written.Count, LineBreaks(bytes.AsSpan(0, end)), path);
        if (fields.Count > written.Count)
        {
            CheckRowNames(fields[0], fields[^1], path);
            fields.RemoveAt(0);
        }
        var names = checkNames ? ColumnNames.Make(written) : written;
        return [.. names.Select((name, number) => column(name, [.. fields[number]]))];
    }

    /// <summary>The column names, and the offset in bytes of the header's end.</summary>
    private static (IReadOnlyList<string> Names, int End) Header(byte[] bytes, string text, char separator, string path)
    {
        using var reader = CsvReader.FromText(text, Options(separator) with { TrimWhitespace = true });
        if (!reader.Read())
            throw new BadInputException($"The cohort {path} is empty: a header line with the column names is expected.");
        var end = (int)reader.ByteOffset + reader.RawRecord.Length;
        return ([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)], Math.Min(end, bytes.Length));
    }

    /// <summary>The fields by column: as many columns as the header has names, or one more.</summary>
    private static List<List<string>> Fields(string rows, char separator, int names, int linesBefore, string path)
    {
        using var reader = CsvReader.FromText(rows, Options(separator));
        List<List<string>>? fields = null;
        while (reader.Read())
        {
            fields ??= [.. Enumerable.Range(0, reader.FieldCount == names + 1 ? names + 1 : names).Select(_ => new List<string>())];
            if (reader.FieldCount != fields.Count)
            {
                throw new BadInputException(
                    $"Cohort {path}, line {linesBefore + reader.LineNumber}: {reader.FieldCount} fields where "
                        + (fields.Count == names ? $"the header has {names}" : $"the header has {names} and the first row {fields.Count}")
                        + ". A field that contains the separator must be quoted."
                );
            }
            for (var column = 0; column < fields.Count; column++)
                fields[column].Add(reader.GetString(column));
        }
        return fields ?? [.. Enumerable.Range(0, names).Select(_ => new List<string>())];
    }

    /// <summary>R's rules for row names, and the one case in which row names are not intended.</summary>
    private static void CheckRowNames(List<string> rowNames, List<string> last, string path)
    {
        if (last.All(string.IsNullOrEmpty))
        {
            throw new BadInputException(
                $"Cohort {path}: every row ends with a separator, the header does not, so R would take the first column as row names "
                    + "and shift "
                    + "every value by a column. Remove the last separator of each row, or add one to the header."
            );
        }
        if (rowNames.FindIndex(string.IsNullOrEmpty) is var blank and >= 0)
            throw new BadInputException(
                $"Cohort {path}: every row has one field more than the header, so the first field is the row's name, and row "
                    + $"{blank + 1} has none."
            );
        if (rowNames.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new BadInputException(
                $"Cohort {path}: every row has one field more than the header, so the first field is the row's name, and "
                    + $"{twice.Count()} rows are named "
                    + $"'{twice.Key}'. If a column name is missing, add it to the header."
            );
        }
    }

    private static CsvReaderOptions Options(char separator) =>
        new()
        {
            Separator = separator,
            HasHeader = false,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
        };

    private static int LineBreaks(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == bytes.Length || bytes[i + 1] != '\n')))
                count++;
        }
        return count;
    }

    /// <summary>By the file's extension, otherwise a tab if the header has tabs and no comma.</summary>
    private static char Separator(string text, string path)
    {
        if (path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase))
            return '\t';
        if (path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            return ',';
        var header = text.AsSpan().TrimStart();
        if (header.IndexOfAny('\r', '\n') is var end and >= 0)
            header = header[..end];
        return header.Contains('\t') && !header.Contains(',') ? '\t' : ',';
    }
}
