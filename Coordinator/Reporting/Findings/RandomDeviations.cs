using HpcFit.Coordinator.Tables;

namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>The distribution over elements of a standard deviation of a mixed model, and its variance's share.</summary>
/// <param name="Name">What differs: a grouping factor, a covariate by a factor, or <c>Residual</c>.</param>
/// <param name="Quartiles">The quartiles of the standard deviation, NaN if no element has a value.</param>
/// <param name="Share">The median of its variance's share of the sum of all; null: there are slopes, whose share depends on the
/// covariate.</param>
internal sealed record RandomDeviations(string Name, (double Lower, double Median, double Upper) Quartiles, double? Share)
{
    private const string Deviation = ".sd__";
    private const string Intercept = "(Intercept)";
    private const string Observation = "Observation";

    /// <summary>The standard deviations of an analysis, in the order of its columns; none if it is not of a mixed model.</summary>
    public static IReadOnlyList<RandomDeviations> ReadAll(ResultTable table)
    {
        var columns = table.Results.Where(column => column.Name.Contains(Deviation, StringComparison.Ordinal)).ToList();
        return From(
            columns.ConvertAll(column =>
            {
                var values = new double[table.Rows];
                column.Read(0, values);
                return (column.Name, values);
            })
        );
    }

    /// <summary>The same from the columns' values.</summary>
    public static IReadOnlyList<RandomDeviations> From(IReadOnlyList<(string Name, double[] Values)> columns)
    {
        var hasSlopes = columns.Any(column => EffectOf(column.Name) is not (Intercept or Observation));
        var totals = Enumerable
            .Range(0, columns.Count > 0 ? columns[0].Values.Length : 0)
            .Select(row => columns.Sum(column => column.Values[row] * column.Values[row]))
            .ToArray();
        return
        [
            .. columns.Select(column => new RandomDeviations(
                NameOf(column.Name),
                QuartilesOf(column.Values),
                hasSlopes ? null : QuartilesOf([.. column.Values.Select((value, row) => value * value / totals[row])]).Median
            )),
        ];
    }

    private static string EffectOf(string column) => column[(column.IndexOf(Deviation, StringComparison.Ordinal) + Deviation.Length)..];

    private static string NameOf(string column)
    {
        var (group, effect) = (column[..column.IndexOf(Deviation, StringComparison.Ordinal)], EffectOf(column));
        return effect is Intercept or Observation ? group : $"{effect} by {group}";
    }

    /// <summary>Quartiles as R's default, by linear interpolation; missing values are left out.</summary>
    private static (double Lower, double Median, double Upper) QuartilesOf(double[] values)
    {
        double[] sorted = [.. values.Where(value => !double.IsNaN(value)).Order()];
        return sorted.Length == 0 ? (double.NaN, double.NaN, double.NaN) : (At(0.25), At(0.5), At(0.75));

        double At(double share)
        {
            var place = share * (sorted.Length - 1);
            var (below, above) = ((int)Math.Floor(place), (int)Math.Ceiling(place));
            return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
        }
    }
}
