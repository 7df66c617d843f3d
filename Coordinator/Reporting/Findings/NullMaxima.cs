using HpcFit.Coordinator.Tables;

namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>
/// The largest statistic of all elements in each shuffle of the data, as a magnitude: the distribution from which family-wise p-values
/// come. The first shuffle is the data as they are.
/// </summary>
/// <param name="Statistic">The column of the statistic.</param>
/// <param name="Observed">The largest one of the data as they are.</param>
/// <param name="Shuffled">Those of the other shuffles.</param>
internal sealed record NullMaxima(string Statistic, double Observed, double[] Shuffled)
{
    private const string Prefix = "null_maxima";
    private const string Columns = "columns";

    /// <summary>The share of shuffles, the data as they are included, with a maximum of at least the observed one.</summary>
    public double P => (1.0 + Shuffled.Count(maximum => maximum >= Observed)) / (1 + Shuffled.Length);

    /// <summary>Those of a term; empty: the analysis has none.</summary>
    public static IEnumerable<NullMaxima> Read(ResultTable table, string term)
    {
        foreach (var name in table.Stored.Names().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (
                table.Stored.ReadArray(name, Columns) is not ({ } values, [var shuffles, var hypotheses, var signs], var labels)
                || shuffles < 2
                || labels.Count != hypotheses
            )
                continue;
            for (var hypothesis = 0; hypothesis < labels.Count; hypothesis++)
            {
                if (StatisticName.FromColumn(labels[hypothesis]).Term == term)
                    yield return From(labels[hypothesis], values, shuffles, hypothesis * signs, hypotheses * signs, signs);
            }
        }
    }

    /// <summary>The maxima of one test; a shorter list of shuffles ends with NaN.</summary>
    private static NullMaxima From(string name, double[] values, long shuffles, long first, long stride, long signs)
    {
        var maxima = new List<double>();
        for (var shuffle = 0; shuffle < shuffles; shuffle++)
        {
            var maximum = values.AsSpan((int)((shuffle * stride) + first), (int)signs).ToArray().Max();
            if (!double.IsNaN(maximum))
                maxima.Add(maximum);
        }
        return maxima is [var observed, .. var others] ? new(name, observed, [.. others]) : new(name, double.NaN, []);
    }
}
