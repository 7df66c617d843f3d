namespace HpcFit.Coordinator.Tables;

/// <summary>
/// The parts of a result column's name: <c>Age.p.value.fdr</c> is the statistic <c>p.value.fdr</c> of the term <c>Age</c>.
/// </summary>
/// <param name="Term">The term, or <c>model</c>; empty if the name has no known statistic.</param>
/// <param name="Statistic">The statistic.</param>
internal readonly record struct StatisticName(string Term, string Statistic)
{
    private const string PValue = "p.value";
    private const string NegativeLog10 = ".neglog10";

    private static readonly string[] Corrections = ["fdr", "BH", "BY", "bonferroni", "holm", "hochberg", "hommel"];

    /// <summary>Names that contain others as endings precede them.</summary>
    private static readonly string[] Statistics =
    [
        PValue + NegativeLog10,
        .. Corrections.Select(correction => $"{PValue}.{correction}"),
        PValue,
        "estimate",
        "std.error",
        "conf.low",
        "conf.high",
        "statistic",
        "ref.df",
        "edf",
        "df.residual",
        "df",
        "delta.adj.rsq",
        "partial.rsq",
    ];

    /// <summary>Whether it is a p-value, corrected or not, of which smaller values are stronger.</summary>
    public bool IsPValue =>
        (Statistic == PValue || Statistic.StartsWith(PValue + ".", StringComparison.Ordinal))
        && !Statistic.EndsWith(NegativeLog10, StringComparison.Ordinal);

    /// <summary>Whether it is a corrected p-value.</summary>
    public bool IsCorrected => IsPValue && Statistic != PValue;

    /// <summary>Whether it belongs to a term other than the intercept and the model as a whole.</summary>
    public bool IsOfEffect => Term is not ("" or "Intercept" or "(Intercept)" or "model");

    /// <summary>Separates a column's name.</summary>
    public static StatisticName Of(string column)
    {
        foreach (var statistic in Statistics)
        {
            if (column.Length > statistic.Length + 1 && column.EndsWith("." + statistic, StringComparison.Ordinal))
                return new(column[..^(statistic.Length + 1)], statistic);
        }
        return new("", column);
    }
}
