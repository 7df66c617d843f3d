using System.Collections.Frozen;
using System.Text;
using CsvHelper;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Cohort;

/// <summary>A phenotype table: typed columns of equal length, one row per subject. Immutable.</summary>
public sealed class CohortTable
{
    /// <summary>The column with the name of each subject's source, as ModelArray expects it.</summary>
    public const string SourceFile = "source_file";

    private readonly FrozenDictionary<string, CohortColumn> _byName;

    /// <summary>A table of the given columns.</summary>
    /// <exception cref="BadInputException">Two columns have the same name, or their lengths differ.</exception>
    public CohortTable(string path, IReadOnlyList<CohortColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Path = path;
        Columns = columns;
        Rows = columns.Count == 0 ? 0 : columns[0].Rows;
        RowsOfFile = Rows;
        if (columns.FirstOrDefault(column => column.Rows != Rows) is { } odd)
            throw new BadInputException($"Cohort {path}: column '{odd.Name}' has {odd.Rows} rows, the others {Rows}.");
        if (columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new BadInputException(
                $"Cohort {path}: {twice.Count()} columns are named '{twice.Key}'. Rename them, or read the names as R does (without "
                    + "--no-check-names)."
            );
        _byName = columns.ToFrozenDictionary(column => column.Name, StringComparer.Ordinal);
    }

    /// <summary>Where it came from, for messages.</summary>
    public string Path { get; }

    /// <summary>The columns in the file's order, followed by derived columns.</summary>
    public IReadOnlyList<CohortColumn> Columns { get; }

    /// <summary>The number of rows (subjects).</summary>
    public int Rows { get; }

    /// <summary>The column of the file from which <see cref="SourceFile"/> was taken, for messages.</summary>
    public string SourceColumn { get; private init; } = SourceFile;

    /// <summary>The number of rows of the file, of which this table may have some only.</summary>
    public int RowsOfFile { get; private init; }

    /// <summary>For each row, its 1-based number in the file, not counting the header; null: the rows are those of the file.</summary>
    private IReadOnlyList<int>? RowsInFile { get; init; }

    /// <summary>The 1-based number of the row in its file, not counting the header (R's row number).</summary>
    public int RowInFile(int row) => RowsInFile?[row] ?? row + 1;

    /// <summary>The subject of a row, for messages: its source where the cohort names sources, and its row in the file.</summary>
    public string SubjectOf(int row) =>
        Find(SourceFile) is { } sources && !sources.IsMissing(row)
            ? $"'{sources.ValueText(row)}' (row {RowInFile(row)})"
            : $"in row {RowInFile(row)}";

    /// <summary>The column of that name, or null.</summary>
    public CohortColumn? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The column of that name.</summary>
    /// <exception cref="BadInputException">There is no such column; the nearest names are listed.</exception>
    public CohortColumn Get(string name) =>
        Find(name)
        ?? throw new BadInputException(
            $"Cohort {Path} has no column '{name}'. {NearestNames.Hint(name, Columns.Select(column => column.Name))}"
        );

    /// <summary>The table with one more column; a column of the same name is replaced in place, as R's <c>d$name &lt;- …</c>
    /// does.</summary>
    public CohortTable With(CohortColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var columns = Columns.ToList();
        var at = columns.FindIndex(old => old.Name == column.Name);
        if (at < 0)
            columns.Add(column);
        else
            columns[at] = column;
        return new(Path, columns)
        {
            RowsInFile = RowsInFile,
            RowsOfFile = RowsOfFile,
            SourceColumn = SourceColumn,
        };
    }

    /// <summary>The table, whose source names were taken from a column of that name.</summary>
    public CohortTable WithSourcesFrom(string column) =>
        new(Path, Columns)
        {
            RowsInFile = RowsInFile,
            RowsOfFile = RowsOfFile,
            SourceColumn = column,
        };

    /// <summary>The table without the columns of these names; names that it does not have are ignored.</summary>
    public CohortTable Without(IReadOnlyCollection<string> names) =>
        new(Path, [.. Columns.Where(column => !names.Contains(column.Name))])
        {
            RowsInFile = RowsInFile,
            RowsOfFile = RowsOfFile,
            SourceColumn = SourceColumn,
        };

    /// <summary>The rows at <paramref name="order"/>, in that order.</summary>
    public CohortTable Take(int[] order) =>
        new(Path, [.. Columns.Select(column => column.Take(order))])
        {
            RowsInFile = [.. order.Select(RowInFile)],
            RowsOfFile = RowsOfFile,
            SourceColumn = SourceColumn,
        };

    /// <summary>
    /// Reads a CSV or TSV file as R's read.csv does: types inferred, <c>NA</c> and blank fields missing in numeric columns, a blank field
    /// in a character column the empty string. UTF-8 with or without a byte order mark. The separator is a tab for the extension
    /// <c>.tsv</c>, or if the header has tabs and no comma. A file whose name ends with <c>.json</c> declares the types of its columns
    /// (docs/formats/cohort-json.md), and its names are used unchanged.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="checkNames">Make the column names legal and unique as R does (<c>a b</c> to <c>a.b</c>).</param>
    /// <param name="missing">Which fields mean missing; null: <c>NA</c>.</param>
    /// <exception cref="BadInputException">The file cannot be read, is empty, or a row has more or fewer fields than the
    /// header.</exception>
    public static CohortTable Read(string path, bool checkNames = true, MissingText? missing = null) =>
        TypedCohort.IsNamed(path)
            ? ReadTyped(path, missing)
            : Read(
                path,
                text =>
                    CohortFile.Parse(
                        path,
                        text,
                        checkNames,
                        (name, fields) => ColumnTyping.Infer(name, fields, missing ?? MissingText.Default)
                    )
            );

    /// <summary>
    /// Reads a CSV or TSV file whose fields are names, such as file names: none is read as a number or a logical, and <c>NA</c> is missing.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">As of <see cref="Read(string, bool, MissingText?)"/>.</exception>
    public static CohortTable ReadTexts(string path) =>
        TypedCohort.IsNamed(path)
            ? throw new BadInputException($"The cohort {path} is JSON; a CSV or TSV table was expected.")
            : Read(
                path,
                text =>
                    CohortFile.Parse(
                        path,
                        text,
                        checkNames: false,
                        (name, fields) =>
                            new TextColumn(name, [.. fields.Select(field => MissingText.Default.Contains(field) ? null : field)])
                    )
            );

    private static CohortTable ReadTyped(string path, MissingText? missing)
    {
        if (missing is { HasOthers: true })
            throw new BadInputException($"Cohort {path}: --na-strings applies to CSV and TSV tables; in JSON a missing value is null.");
        return new(path, TypedCohort.Read(path));
    }

    private static CohortTable Read(string path, Func<string, IReadOnlyList<CohortColumn>> parse)
    {
        ForeignFile.Refuse(path);
        try
        {
            using var file = new FileStream(RegularFile.OpenRead(path, "a cohort, a CSV or TSV table"), FileAccess.Read);
            using var reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return new(path, parse(reader.ReadToEnd()));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The cohort {path} cannot be read: {exception.Message}", exception);
        }
        catch (DecoderFallbackException exception)
        {
            throw new BadInputException(
                $"The cohort {path} is not UTF-8 text. Save it as UTF-8 (in a spreadsheet: 'CSV UTF-8').",
                exception
            );
        }
        catch (CsvFormatException exception)
        {
            throw new BadInputException($"The cohort {path} is not a valid table: {exception.Message}", exception);
        }
    }
}
