using System.Globalization;
using System.Text;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Worker.Shuffling;

/// <summary>
/// A text file of whole numbers, as many in each line, separated by commas, semicolons, tabs or blanks; empty lines and lines that begin
/// with <c>#</c> are skipped. <c>3</c>, <c>3.0</c> and <c>3e+00</c> are the same.
/// </summary>
internal sealed class IntegerTable
{
    private static readonly char[] Separators = [',', ';', '\t', ' '];

    private readonly List<int[]> _rows = [];
    private readonly List<int> _lines = [];

    private IntegerTable(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The number of lines with numbers.</summary>
    public int Rows => _rows.Count;

    /// <summary>How many numbers each has.</summary>
    public int Columns => _rows[0].Length;

    /// <summary>Whether commas separate the numbers of the first line.</summary>
    public bool HasCommas { get; private set; }

    /// <summary>A number.</summary>
    public int this[int row, int column] => _rows[row][column];

    /// <summary>Whether a condition holds for any number.</summary>
    public bool Any(Predicate<int> condition) => _rows.Exists(row => Array.Exists(row, condition));

    /// <summary>Where a number is, for messages: <c>line 3, field 7</c>.</summary>
    public string Place(int row, int column) => string.Create(CultureInfo.InvariantCulture, $"line {_lines[row]}, field {column + 1}");

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it contains, for messages: <c>exchangeability blocks</c>.</param>
    /// <exception cref="BadInputException">It cannot be read, is empty, or not a table of whole numbers; the message names the
    /// place.</exception>
    public static IntegerTable Read(string path, string content)
    {
        var table = new IntegerTable(path);
        try
        {
            using var stream = new FileStream(RegularFile.OpenRead(path, $"a text file with {content}"), FileAccess.Read);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            for (var line = 1; reader.ReadLine() is { } text; line++)
                table.Add(line, text.Trim(), content);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"'{path}' cannot be read: {failure.Message}", failure);
        }
        return table.Rows > 0 ? table : throw new BadInputException($"'{path}' is empty; {content} were expected.");
    }

    private void Add(int line, string text, string content)
    {
        if (text.Length == 0 || text[0] == '#')
            return;
        var words = text.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        var numbers = new int[words.Length];
        for (var field = 0; field < words.Length; field++)
            numbers[field] = Parse(words[field]) ?? throw NotWhole(words[field], line, field, content);
        if (Rows == 0)
            HasCommas = text.Contains(',', StringComparison.Ordinal);
        else if (numbers.Length != Columns)
            throw new BadInputException(
                $"'{Path}', line {line}: {CountText.Format(numbers.Length, "number")} where line {_lines[0]} has {Columns}. Every line "
                    + "must have as many."
            );
        _rows.Add(numbers);
        _lines.Add(line);
    }

    private BadInputException NotWhole(string word, int line, int field, string content) =>
        new(
            $"'{Path}', line {line}, field {field + 1}: '{word}' is not a whole number; {content} are tables of whole "
                + "numbers without a header."
        );

    private static int? Parse(string word) =>
        int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && real == (int)real ? (int)real
        : null;
}
