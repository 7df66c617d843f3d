using System.Globalization;
using System.Text;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>
/// Contrasts in a file: a CSV or TSV table with the name in the first column and one column per coefficient; FSL's <c>.con</c>, whose
/// <c>/Matrix</c> has one row per contrast; or rows of numbers, as MRtrix's text matrices. The rows of the latter two have one weight per
/// column of the model matrix.
/// </summary>
internal static class ContrastsFile
{
    private const string Option = "--contrasts-file";
    private const string NameOfFsl = "/ContrastName";
    private const string NumberOfFsl = "/NumContrasts";
    private const string MatrixOfFsl = "/Matrix";

    /// <summary>Reads a file.</summary>
    /// <exception cref="BadInputException">It cannot be read, or has none of the formats.</exception>
    public static IReadOnlyList<ContrastSpec> Read(string path)
    {
        if (path.EndsWith(".fts", StringComparison.OrdinalIgnoreCase))
            throw new BadInputException(
                $"{Option} '{path}' lists F tests, whose rows select contrasts and have no weights of coefficients. Give its contrasts "
                    + $"('{Path.ChangeExtension(path, ".con")}'), and each F test by their names, such as --f-test \"any: c1, c2\"."
            );
        var lines = Lines(path);
        var first = lines.FirstOrDefault().Text;
        if (first is null)
            throw new BadInputException($"{Option} '{path}' is empty; contrasts were expected, one per line.");
        return first.StartsWith('/') ? Fsl(path, lines)
            : IsNumber(Words(first)[0]) ? Rows(path, lines, row => $"c{row + 1}")
            : Table(path, lines);
    }

    /// <summary>Whether a word is a number, or stands for one that is not finite: <c>nan</c>, <c>-inf</c>, <c>1e999</c>.</summary>
    private static bool IsNumber(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        || word.TrimStart('+', '-').Equals("inf", StringComparison.OrdinalIgnoreCase);

    private static List<Line> Lines(string path)
    {
        try
        {
            using var stream = new FileStream(RegularFile.OpenRead(path, "contrasts, a table or a text matrix"), FileAccess.Read);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return
            [
                .. reader
                    .ReadToEnd()
                    .Split('\n')
                    .Select((text, index) => new Line(index + 1, text.Trim('\r', ' ', '\t')))
                    .Where(line => line.Text.Length > 0 && !line.Text.StartsWith('#')),
            ];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{Option} '{path}' cannot be read: {failure.Message}", failure);
        }
    }

    private static List<ContrastSpec> Fsl(string path, List<Line> lines)
    {
        var names = lines
            .Where(line => line.Text.StartsWith(NameOfFsl, StringComparison.Ordinal))
            .Select(line => line.Text[NameOfFsl.Length..].TrimStart("0123456789".ToCharArray()).Trim())
            .ToList();
        var start = lines.FindIndex(line => line.Text.StartsWith(MatrixOfFsl, StringComparison.Ordinal));
        if (start < 0)
            throw new BadInputException($"{Option} '{path}' has no line {MatrixOfFsl}; FSL's .con files have one before the contrasts.");
        var rows = lines.Skip(start + 1).ToList();
        if (rows.Count == 0)
            throw new BadInputException($"{Option} '{path}' has no contrast after {MatrixOfFsl}.");
        RefuseOtherNumber(path, lines[..start], rows.Count);
        return Rows(path, rows, row => row < names.Count && names[row].Length > 0 ? names[row] : $"c{row + 1}");
    }

    /// <summary>A file that was cut off has fewer contrasts than its header announces.</summary>
    private static void RefuseOtherNumber(string path, List<Line> header, int rows)
    {
        var line = header.Find(line => line.Text.StartsWith(NumberOfFsl, StringComparison.Ordinal));
        if (line.Text is { } text && TypedNumber.Real(text[NumberOfFsl.Length..].Trim()) is { } announced && announced != rows)
            throw new BadInputException(
                $"{Option} '{path}', line {line.Number}: '{text}', and {CountText.Format(rows, "row")} after {MatrixOfFsl}. Check "
                    + $"whether the file is complete, and correct {NumberOfFsl} if it is."
            );
    }

    /// <summary>Rows of numbers, of one length.</summary>
    private static List<ContrastSpec> Rows(string path, List<Line> lines, Func<int, string> nameOf)
    {
        var contrasts = new List<ContrastSpec>();
        foreach (var (row, line) in lines.Index())
        {
            double[] weights = [.. Words(line.Text).Select((word, place) => Weight(word, $"weight {place + 1}", path, line))];
            if (contrasts is [{ Weights: { } first }, ..] && first.Count != weights.Length)
                throw new BadInputException(
                    $"{Option} {Place(path, line)}: '{line.Text}' has {CountText.Format(weights.Length, "weight")}, and line "
                        + $"{lines[0].Number} has {first.Count}. Give every contrast one weight per column of the model matrix."
                );
            contrasts.Add(Contrast(nameOf(row), null, weights, path, line));
        }
        return contrasts;
    }

    private static ContrastSpec Contrast(string name, List<string>? coefficients, double[] weights, string path, Line line) =>
        Array.Exists(weights, weight => weight != 0)
            ? new(name, null, coefficients, weights) { Origin = Place(path, line) }
            : throw new BadInputException(
                $"{Option} {Place(path, line)}: every weight of the contrast '{name}' is 0 ('{line.Text}'), so it tests nothing. Give one "
                    + "coefficient another weight, or remove the line."
            );

    private static string Place(string path, Line line) => $"'{path}', line {line.Number}";

    private static List<ContrastSpec> Table(string path, List<Line> lines)
    {
        var separator = lines[0].Text.Contains(',', StringComparison.Ordinal) ? ',' : '\t';
        var header = Fields(lines[0].Text, separator);
        if (header.Count < 2)
            throw new BadInputException(
                $"{Option} '{path}', line {lines[0].Number}: '{lines[0].Text}' is neither a row of numbers nor the header of a table: "
                    + "name, then one column per coefficient, separated by commas."
            );
        if (header.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new BadInputException($"{Option} '{path}' has {twice.Count()} columns '{twice.Key}'. Give each coefficient one column.");
        if (lines.Count == 1)
            throw new BadInputException($"{Option} '{path}' has a header and no contrast.");
        return [.. lines.Skip(1).Select(line => Contrast(path, line, header, Fields(line.Text, separator)))];
    }

    private static ContrastSpec Contrast(string path, Line line, List<string> header, List<string> fields)
    {
        if (fields.Count != header.Count)
            throw new BadInputException(
                $"{Option} {Place(path, line)}: {CountText.Format(fields.Count, "field")} where the header has {header.Count} "
                    + $"('{line.Text}'). Give the name and one weight per column of the header; an empty field is 0."
            );
        if (fields[0].Length == 0)
            throw new BadInputException($"{Option} {Place(path, line)}: the contrast has no name in the first column ('{line.Text}').");
        double[] weights =
        [
            .. fields
                .Skip(1)
                .Select((field, place) => field.Length == 0 ? 0 : Weight(field, $"the weight of '{header[place + 1]}'", path, line)),
        ];
        return Contrast(fields[0], header[1..], weights, path, line);
    }

    private static double Weight(string text, string what, string path, Line line) =>
        TypedNumber.Real(text)
        ?? throw new BadInputException(
            $"{Option} {Place(path, line)}: {what} is '{text}', which is not a {(IsNumber(text) ? "finite " : "")}number."
                + TypedNumber.Advice(text)
        );

    private static string[] Words(string text) =>
        text.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words ? words : [text];

    /// <summary>The fields of a line; double quotes enclose separators, and stand for themselves when doubled.</summary>
    private static List<string> Fields(string text, char separator)
    {
        var (fields, field, isQuoted) = (new List<string>(), new StringBuilder(), false);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '"' && isQuoted && at + 1 < text.Length && text[at + 1] == '"')
                field.Append(text[at++]);
            else if (text[at] == '"')
                isQuoted = !isQuoted;
            else if (text[at] == separator && !isQuoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
                field.Append(text[at]);
        }
        fields.Add(field.ToString().Trim());
        return fields;
    }

    /// <summary>A line that is neither empty nor a comment.</summary>
    private readonly record struct Line(int Number, string Text);
}
