namespace HpcFit.Worker.Summaries;

/// <summary>A table of terms whose last two columns are a test statistic and its p-value, with significance stars, in R's layout.</summary>
/// <param name="headers">The columns' headers.</param>
/// <param name="formattedTogether">The number of columns from the left that share a notation: an estimate and its standard error, or the
/// edf alone.</param>
internal sealed class StatisticsTable(IReadOnlyList<string> headers, int formattedTogether)
{
    private const int Digits = 4;
    private const int TestDigits = 3;

    private readonly List<(string Name, double[] Values)> _rows = [];

    /// <summary>Adds a term's row.</summary>
    public void Add(string name, double[] values) => _rows.Add((name, values));

    /// <summary>The table as lines of text, followed by the legend of the stars if there are any.</summary>
    public IEnumerable<string> Lines()
    {
        var columns = Cells();
        var p = _rows.Select(row => row.Values[^1]).ToList();
        var hasStars = p.Any(value => value < 0.1);
        var names = _rows.Max(row => row.Name.Length);
        var widths = columns.Select((cells, c) => Math.Max(headers[c].Length, cells.Max(cell => cell.Length))).ToList();
        var stars = p.Select(Stars).ToList();
        var starWidth = stars.Max(text => text.Length);

        yield return new string(' ', names)
            + string.Concat(widths.Select((width, c) => " " + headers[c].PadLeft(width)))
            + (hasStars ? new string(' ', starWidth + 1) : "");
        for (var row = 0; row < _rows.Count; row++)
        {
            var cells = string.Concat(widths.Select((width, c) => " " + columns[c][row].PadLeft(width)));
            yield return _rows[row].Name.PadRight(names) + cells + (hasStars ? " " + stars[row].PadRight(starWidth) : "");
        }
        if (!hasStars)
            yield break;
        yield return "---";
        yield return "Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1";
    }

    private List<string[]> Cells()
    {
        var joint = _rows.SelectMany(row => row.Values.Take(formattedTogether)).ToList();
        var sizes = joint.Where(value => double.IsFinite(value) && value != 0).Select(Math.Abs).ToList();
        var decimals = sizes.Count == 0 ? Digits : Math.Max(1, Digits - 1 - (int)Math.Floor(Math.Log10(sizes.Min())));
        var texts = StatisticText.Together([.. joint.Select(value => Round(value, decimals))], Digits);
        var columns = new List<string[]>();
        for (var c = 0; c < headers.Count; c++)
        {
            var values = _rows.Select(row => row.Values[c]).ToList();
            if (c < formattedTogether)
                columns.Add([.. Enumerable.Range(0, _rows.Count).Select(row => texts[(row * formattedTogether) + c])]);
            else if (c == headers.Count - 1)
                columns.Add(StatisticText.PValues(values, TestDigits));
            else
                columns.Add(
                    StatisticText.Together(c == headers.Count - 2 ? [.. values.Select(value => Round(value, TestDigits))] : values, Digits)
                );
        }
        // A test statistic of 0/0 (NaN), as of a dropped column, is distinguished from a missing coefficient (NA).
        for (var c = 1; c < headers.Count; c++)
        for (var row = 0; row < _rows.Count; row++)
            if (double.IsNaN(_rows[row].Values[c]) && !double.IsNaN(_rows[row].Values[0]))
                columns[c][row] = "NaN";
        return columns;
    }

    private static double Round(double value, int decimals) =>
        decimals <= 15 && Math.Abs(value) < 1e15 ? Math.Round(value, decimals) : value;

    private static string Stars(double p) =>
        p switch
        {
            <= 0.001 => "***",
            <= 0.01 => "**",
            <= 0.05 => "*",
            <= 0.1 => ".",
            double.NaN => "",
            _ => " ",
        };
}
