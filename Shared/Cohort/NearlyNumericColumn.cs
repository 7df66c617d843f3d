using System.Text.RegularExpressions;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Cohort;

/// <summary>
/// A text column most of whose cells are or resemble numbers: a measurement with <c>n/a</c>, <c>-</c> or a decimal comma in some cells. As
/// in R it is text, and in a model a factor with a level for each value, which is rarely intended.
/// </summary>
public sealed partial class NearlyNumericColumn
{
    private const int Listed = 3;

    /// <summary>Up to this number of levels, cells that are not markers of missing values count as categories: sites 1, 2, 3 and
    /// 3T.</summary>
    private const int LevelsOfCategories = 10;

    private static readonly HashSet<string> Markers = new(
        [
            "",
            "-",
            "--",
            "---",
            ".",
            "..",
            "?",
            "*",
            "x",
            "na",
            "n/a",
            "n.a.",
            "n.a",
            "<na>",
            "#n/a",
            "#na",
            "#n/a!",
            "#null!",
            "#value!",
            "#ref!",
            "#div/0!",
            "#num!",
            "#name?",
            "nil",
            "null",
            "none",
            "nan",
            "missing",
            "miss",
            "unknown",
            "unk",
            "not available",
            "not applicable",
            "no data",
            "nd",
            "n.d.",
            "\\n",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    private readonly CohortTable _cohort;
    private readonly TextColumn _column;
    private readonly int _numbers;
    private readonly int _present;
    private readonly int _levels;
    private readonly List<IGrouping<string, int>> _others;

    private NearlyNumericColumn(CohortTable cohort, TextColumn column)
    {
        (_cohort, _column) = (cohort, column);
        var present = Enumerable
            .Range(0, column.Rows)
            .Where(row => column.Values[row] is { } text && !NumberText.TrimBlanks(text).IsEmpty)
            .ToList();
        _present = present.Count;
        _levels = column.Values.OfType<string>().Distinct(StringComparer.Ordinal).Count();
        _others = [.. present.Where(row => !NumberText.TryParse(column.Values[row], out _)).GroupBy(row => column.Values[row]!)];
        _numbers = _present - _others.Sum(cells => cells.Count());
    }

    /// <summary>The column if it is nearly numeric, otherwise null.</summary>
    public static NearlyNumericColumn? Find(CohortTable cohort, string name)
    {
        ArgumentNullException.ThrowIfNull(cohort);
        if (cohort.Find(name) is not TextColumn { IsDeclared: false } column)
            return null;
        var cells = new NearlyNumericColumn(cohort, column);
        var numeric = cells._numbers + cells._others.Where(cell => LooksNumeric(cell.Key)).Sum(cell => cell.Count());
        if (cells._present == 0 || 2 * numeric <= cells._present)
            return null;
        return cells._levels > LevelsOfCategories || cells._others.TrueForAll(cell => LooksNumeric(cell.Key) || IsMarker(cell.Key))
            ? cells
            : null;
    }

    /// <summary>The error for a model that uses the column unchanged.</summary>
    public BadInputException AsError() =>
        new(
            $"Cohort {_cohort.Path}: column '{_column.Name}' is text because of "
                + $"{Cells(_cohort, _others)}{(_numbers > 0 ? $"; the other {_numbers} cells are numbers" : "")}. "
                + $"As in R, a model would treat it as a factor with {_levels} levels. {Advice()}"
        );

    /// <summary>The warning for a conversion that makes cells which are not numbers missing; null if there are none.</summary>
    public static string? Coerced(CohortTable cohort, string name)
    {
        ArgumentNullException.ThrowIfNull(cohort);
        if (cohort.Find(name) is not TextColumn column)
            return null;
        var cells = new NearlyNumericColumn(cohort, column)._others;
        return cells.Count == 0 ? null : $"as.numeric({name}): not a number, and therefore missing: {Cells(cohort, cells)}.";
    }

    private string Advice()
    {
        var asNumbers = $"--column '{_column.Name}=as.numeric({_column.Name})'";
        var asFactor = $"If its values are categories, add --column '{_column.Name}=factor({_column.Name})'.";
        var written = _others.Where(cell => LooksNumeric(cell.Key)).ToList();
        if (written.Count > 0)
            return $"Write {(written.Count == 1 ? "it" : "them")} as plain numbers in the file, with a decimal point and no other "
                + $"sign. {asFactor}";
        var texts = _others
            .Select(cell => cell.Key)
            .Where(text => !text.Contains(',', StringComparison.Ordinal) && text.Trim() == text)
            .ToList();
        return texts.Count == _others.Count && texts.Count <= 12
            ? $"If {(texts.Count == 1 ? "it means" : "they mean")} a missing value, add --na-strings '{string.Join(',', texts)}', or "
                + $"{asNumbers}. {asFactor}"
            : $"If they mean missing values, add {asNumbers}, or list them with --na-strings. {asFactor}";
    }

    private static string Cells(CohortTable cohort, List<IGrouping<string, int>> cells) =>
        string.Join(", ", cells.Take(Listed).Select(cell => $"'{cell.Key}' (row {Rows(cohort, cell)})"))
        + (cells.Count > Listed ? $" and {cells.Count - Listed} other texts" : "");

    private static string Rows(CohortTable cohort, IEnumerable<int> rows)
    {
        var numbers = rows.Select(cohort.RowInFile).Order().ToList();
        return string.Join(", ", numbers.Take(Listed)) + (numbers.Count > Listed ? $" and {numbers.Count - Listed} more" : "");
    }

    private static bool IsMarker(string cell) => Markers.Contains(cell.Trim());

    private static bool LooksNumeric(string cell) => NumberLike().IsMatch(cell);

    /// <summary>Decimal commas, thousands separators, percent signs, inequalities: 11,49; 1 234; 1,234.5; 12 %; &lt;5; $3.</summary>
    [GeneratedRegex(@"^\s*[<>~≤≥=$€£]*\s*[+\-−]?\d[\d.,'  ]*\s*[%°]?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex NumberLike();
}
