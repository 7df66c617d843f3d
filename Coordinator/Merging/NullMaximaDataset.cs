using System.Runtime.InteropServices;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Merging;

/// <summary>The null distributions of largest statistics as datasets, shuffle x hypothesis x sign: docs/formats/results.md.</summary>
internal static class NullMaximaDataset
{
    private const string Name = "null_maxima";
    private const int Signs = 2;

    /// <summary>The largest statistics, and the largest of their negatives.</summary>
    /// <param name="group">The analysis.</param>
    /// <param name="maximum">The permutation tests.</param>
    /// <param name="hasTails">Whether distributions are fitted to their tails.</param>
    public static DatasetContent Create(string group, MaximumStatistic maximum, bool hasTails = false)
    {
        var maxima = Enumerable.Range(0, maximum.Hypotheses.Count).Select(maximum.Maxima).ToList();
        var columns = maximum.Hypotheses.Select(hypothesis => $"{hypothesis.Name}.{(hypothesis.IsScore ? "z" : "statistic")}").ToList();
        var dataset = Create($"{group}/{Name}", maximum.Shuffles, columns, maxima);
        return dataset with
        {
            Attributes =
            [
                .. dataset.Attributes,
                AttributeContent.Integers("shuffles", [.. maxima.Select(list => (long)list.Length)]),
                .. hasTails ? Tails(columns.Select((_, hypothesis) => maximum.Of(hypothesis).Tail)) : [],
            ],
        };
    }

    /// <summary>The largest enhanced values of each sign, as magnitudes.</summary>
    /// <param name="group">The analysis.</param>
    /// <param name="enhanced">The enhanced stage.</param>
    /// <param name="run">The run.</param>
    /// <param name="hasTails">Whether distributions are fitted to their tails.</param>
    public static DatasetContent Create(string group, EnhancedResults enhanced, RunDocument run, bool hasTails = false)
    {
        var columns = run.Layout.Columns.Where(column => column.Source == ResultSource.Enhanced).Select(column => column.Name).ToList();
        var dataset = Create(
            $"{group}/{Name}_{columns[0][(columns[0].LastIndexOf('.') + 1)..]}",
            enhanced.Shuffles,
            columns,
            [.. Enumerable.Range(0, enhanced.Hypotheses).Select(enhanced.Maxima)]
        );
        return hasTails
            ? dataset with
            {
                Attributes = [.. dataset.Attributes, .. Tails(columns.Select((_, hypothesis) => enhanced.Of(hypothesis).Tail))],
            }
            : dataset;
    }

    /// <summary>The distributions of the tails, one value per hypothesis; NaN where there is none.</summary>
    private static IEnumerable<AttributeContent> Tails(IEnumerable<ParetoTail?> tails)
    {
        var all = tails.ToList();
        AttributeContent Numbers(string name, Func<ParetoTail, double> value) =>
            AttributeContent.Numbers(name, [.. all.Select(tail => tail is null ? double.NaN : value(tail))]);
        yield return Numbers("gpd_threshold", tail => tail.Threshold);
        yield return Numbers("gpd_shape", tail => tail.Shape);
        yield return Numbers("gpd_scale", tail => tail.Scale);
        yield return Numbers("gpd_fraction", tail => tail.Fraction);
        yield return Numbers("gpd_least_p", tail => tail.LeastP);
    }

    private static DatasetContent Create(
        string path,
        long shuffles,
        List<string> columns,
        List<(double Positive, double Negative)[]> maxima
    )
    {
        var values = new double[shuffles * columns.Count * Signs];
        Array.Fill(values, double.NaN); // a shorter list of shuffles ends earlier
        for (var hypothesis = 0; hypothesis < columns.Count; hypothesis++)
        {
            for (var shuffle = 0; shuffle < maxima[hypothesis].Length; shuffle++)
            {
                var at = ((shuffle * columns.Count) + hypothesis) * Signs;
                (values[at], values[at + 1]) = maxima[hypothesis][shuffle];
            }
        }
        return DatasetContent.Held(
            path,
            ElementType.Float64,
            [shuffles, columns.Count, Signs],
            MemoryMarshal.AsBytes<double>(values).ToArray()
        ) with
        {
            Attributes = [AttributeContent.Texts("columns", columns), AttributeContent.Texts("signs", ["positive", "negative"])],
        };
    }
}
