namespace HpcFit.Worker.Summaries;

/// <summary>The table of standard deviations and correlations of random effects, as lme4 prints it.</summary>
internal sealed class RandomEffectsTable
{
    private const int Digits = 4;

    private readonly List<(string Group, string Name, double Deviation, string Correlations)> _rows = [];

    /// <summary>Adds a random effect.</summary>
    /// <param name="group">Its groups; empty: those of the row before.</param>
    /// <param name="name">Its name.</param>
    /// <param name="deviation">Its standard deviation.</param>
    /// <param name="correlations">Its correlations with the effects of the group before it.</param>
    public void Add(string group, string name, double deviation, IEnumerable<double> correlations) =>
        _rows.Add(
            (
                group,
                name,
                deviation,
                string.Join(" ", correlations.Select(value => $"{value, 5:F2}".Replace("NaN", "NA", StringComparison.Ordinal)))
            )
        );

    /// <summary>The lines of the table.</summary>
    public IEnumerable<string> Lines()
    {
        var variances = StatisticText.Together([.. _rows.Select(row => row.Deviation * row.Deviation)], Digits);
        var deviations = StatisticText.Together([.. _rows.Select(row => row.Deviation)], Digits);
        int[] widths =
        [
            _rows.Max(row => row.Group.Length),
            Math.Max(11, _rows.Max(row => row.Name.Length)),
            Math.Max(8, variances.Max(text => text.Length)),
            Math.Max(8, deviations.Max(text => text.Length)),
        ];
        yield return Line("Groups", "Name", "Variance", "Std.Dev.", _rows.Exists(row => row.Correlations.Length > 0) ? "Corr" : "");
        for (var i = 0; i < _rows.Count; i++)
            yield return Line(_rows[i].Group, _rows[i].Name, variances[i], deviations[i], _rows[i].Correlations);

        string Line(string group, string name, string variance, string deviation, string correlations)
        {
            string[] cells = [group, name, variance, deviation];
            return $" {string.Join(" ", cells.Zip(widths, (cell, width) => cell.PadRight(width)))} {correlations}".TrimEnd();
        }
    }
}
