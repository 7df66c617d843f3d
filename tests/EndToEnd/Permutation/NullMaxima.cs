using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Permutation;

/// <summary>The largest statistics of every shuffle that an analysis stores, per statistic and sign.</summary>
internal sealed class NullMaxima
{
    private const int Signs = 2;

    private readonly StoredDataset _stored;

    private NullMaxima(StoredDataset stored) => _stored = stored;

    /// <summary>Reads those of <c>null_maxima</c> or, of enhanced statistics, <c>null_maxima_tfce</c> and so on.</summary>
    public static NullMaxima Read(string file, string analysis, string name = "null_maxima") =>
        new(StoredDataset.Read(file, $"results/{analysis}/{name}"));

    /// <summary>How many shuffles there are.</summary>
    public int Shuffles => _stored.Shape[0];

    /// <summary>Per shuffle the largest statistic, or the largest of its negatives.</summary>
    public double[] Of(string statistic, bool isNegative = false)
    {
        var columns = _stored.Attributes["columns"];
        var column = Array.IndexOf(columns, statistic);
        column.ShouldBeGreaterThanOrEqualTo(0, $"{statistic} is none of {string.Join(", ", columns)}");
        var first = (column * Signs) + (isNegative ? 1 : 0);
        return [.. Enumerable.Range(0, Shuffles).Select(shuffle => _stored.Values[(shuffle * columns.Length * Signs) + first])];
    }
}
