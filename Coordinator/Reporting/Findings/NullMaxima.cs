using HpcFit.Coordinator.Tables;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>
/// The most extreme statistic of all elements in each shuffle of the data, on the side that is tested: the distribution from which
/// family-wise p-values come. The first shuffle is the data as they are.
/// </summary>
/// <param name="Statistic">The column of the statistic.</param>
/// <param name="Side">The tested side: the largest statistics, the least ones, or the largest magnitudes.</param>
/// <param name="Observed">That of the data as they are.</param>
/// <param name="Shuffled">Those of the other shuffles.</param>
internal sealed record NullMaxima(string Statistic, TestedSide Side, double Observed, double[] Shuffled)
{
    private const string Prefix = "null_maxima";
    private const string Columns = "columns";

    /// <summary>The share of shuffles, the data as they are included, that are at least as extreme as the observed one.</summary>
    public double P => (1.0 + Shuffled.Count(one => Side == TestedSide.Lower ? one <= Observed : one >= Observed)) / (1 + Shuffled.Length);

    /// <summary>What they are, in words.</summary>
    public string Name =>
        Side switch
        {
            TestedSide.Upper => $"largest {Statistic}",
            TestedSide.Lower => $"least {Statistic}",
            _ => $"largest |{Statistic}|",
        };

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
                {
                    var side = table.SideOf(term);
                    yield return From(labels[hypothesis], side, values, shuffles, hypothesis * signs, hypotheses * signs, signs);
                }
            }
        }
    }

    /// <summary>The maxima of one test; a shorter list of shuffles ends with NaN.</summary>
    private static NullMaxima From(string name, TestedSide side, double[] values, long shuffles, long first, long stride, long signs)
    {
        var maxima = new List<double>();
        for (var shuffle = 0; shuffle < shuffles; shuffle++)
        {
            var ofSigns = values.AsSpan((int)((shuffle * stride) + first), (int)signs);
            var extreme = side switch
            {
                TestedSide.Upper => ofSigns[0],
                TestedSide.Lower => 0 - ofSigns[^1],
                _ => ofSigns.ToArray().Max(),
            };
            if (!double.IsNaN(extreme))
                maxima.Add(extreme);
        }
        return maxima is [var observed, .. var others] ? new(name, side, observed, [.. others]) : new(name, side, double.NaN, []);
    }
}
