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

    /// <summary>p by permutation of single elements.</summary>
    private const string Permuted = PValue + ".perm";

    /// <summary>p by the permutation distribution of the largest statistic of all elements.</summary>
    private const string FamilyWise = PValue + ".fwe";

    /// <summary>p by the largest statistic of all elements and tests.</summary>
    private const string OverTests = ".all";

    /// <summary>p by a distribution that was fitted to the largest statistics.</summary>
    private const string Tail = ".gpd";

    private static readonly string[] Corrections = ["fdr", "BH", "BY", "bonferroni", "holm", "hochberg", "hommel"];

    /// <summary>Statistics that neighbouring elements support, by permutation.</summary>
    private static readonly string[] Enhancements = ["tfce", "cfe", "cluster"];

    /// <summary>Names that contain others as endings precede them.</summary>
    private static readonly string[] Statistics =
    [
        PValue + NegativeLog10,
        .. Corrections.SelectMany(correction => (string[])[$"{Permuted}.{correction}", $"{PValue}.{correction}"]),
        .. Enhancements
            .SelectMany(enhancement => (string[])[$"{Permuted}.{enhancement}", $"{FamilyWise}.{enhancement}"])
            .Append(Permuted)
            .Append(FamilyWise)
            .Append(FamilyWise + OverTests)
            .SelectMany(name => (string[])[name + NegativeLog10, name + Tail + NegativeLog10, name + Tail, name]),
        .. Enhancements,
        PValue,
        "estimate",
        "std.error",
        "conf.low",
        "conf.high",
        "statistic",
        "z",
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
    public bool IsCorrected => IsPValue && (IsFamilyWise || Corrections.Contains(Statistic[(Statistic.LastIndexOf('.') + 1)..]));

    /// <summary>Whether it is a statistic that neighbouring elements support, such as <c>tfce</c>.</summary>
    public bool IsEnhanced => Enhancements.Contains(Statistic);

    /// <summary>Whether it is a p-value that controls the family-wise error by permutation.</summary>
    public bool IsFamilyWise => IsPValue && Statistic.StartsWith(FamilyWise, StringComparison.Ordinal);

    /// <summary>Whether the maximum of the permutation test is that of all tests.</summary>
    public bool IsOverTests => IsFamilyWise && Statistic.Split('.').Contains(OverTests[1..]);

    /// <summary>Whether it was extrapolated by a distribution that was fitted to the largest statistics.</summary>
    public bool IsExtrapolated => IsFamilyWise && Statistic.EndsWith(Tail, StringComparison.Ordinal);

    /// <summary>The enhanced statistic that a p-value tests, such as <c>tfce</c>; null: it tests that of a single element.</summary>
    public string? OfEnhanced => IsPValue ? Statistic.Split('.').FirstOrDefault(Enhancements.Contains) : null;

    /// <summary>Whether it belongs to a term other than the intercept and the model as a whole.</summary>
    public bool IsOfEffect => Term is not ("" or "Intercept" or "(Intercept)" or "model");

    /// <summary>Whether a column contains -log10 p.</summary>
    public static bool IsLogarithm(string column) => column.EndsWith(NegativeLog10, StringComparison.Ordinal);

    /// <summary>The column of p to which one of -log10 p belongs; other columns themselves.</summary>
    public static string WithoutLogarithm(string column) => IsLogarithm(column) ? column[..^NegativeLog10.Length] : column;

    /// <summary>Separates a column's name.</summary>
    public static StatisticName FromColumn(string column)
    {
        foreach (var statistic in Statistics)
        {
            if (column.Length > statistic.Length + 1 && column.EndsWith("." + statistic, StringComparison.Ordinal))
                return new(column[..^(statistic.Length + 1)], statistic);
        }
        return new("", column);
    }
}
