using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Comparing;

/// <summary>One of the two analyses of a comparison: its columns and the record of its fit.</summary>
internal sealed class ComparedModel : IDisposable
{
    /// <summary>The options that select all columns a test needs.</summary>
    public const string Columns = "--full-outputs";

    private const string Estimate = ".estimate";
    private const string Edf = ".edf";
    private readonly AnalysisColumns _columns;
    private readonly HashSet<string> _names;

    private ComparedModel(AnalysisColumns columns)
    {
        (_columns, Record, _names) = (columns, columns.ReadRecord(), [.. columns.Summary.ColumnNames]);
        Formula = FormulaParts.Parse(Record.Value("formula") ?? "");
    }

    /// <summary>The name of the analysis.</summary>
    public string Name => _columns.Summary.Name;

    /// <summary>The number of elements.</summary>
    public int Elements => checked((int)_columns.Summary.Elements);

    /// <summary>What is stored about the fit; empty if another program wrote the analysis.</summary>
    public AnalysisRecord Record { get; }

    /// <summary>The parts of the formula.</summary>
    public FormulaParts Formula { get; }

    /// <summary>Whether it is an additive model.</summary>
    public bool IsGam => Record.Value("model") is "gam" or "gamm" || Smooths.Count > 0;

    /// <summary>Whether it is an additive model with random terms, whose log likelihood is that of gam, given the random effects.</summary>
    public bool IsAdditiveMixed => Record.Value("model") == "gamm";

    /// <summary>Whether it is a generalised linear model, whose dispersion is Pearson's.</summary>
    public bool IsGeneralized => Record.Value("model") == "glm";

    /// <summary>Whether it is a linear mixed model.</summary>
    public bool IsMixed => Record.Value("model") == "lmm";

    /// <summary>The family; null: normal with the identity link.</summary>
    public string? Family => Record.Value("family");

    /// <summary>The link of the family; null without one.</summary>
    public string? Link => Record.Value("link");

    /// <summary>Whether its smoothing parameters, or variances of random effects, were chosen by restricted likelihood.</summary>
    public bool IsByReml => IsMixed ? Record.Value("ml") is not "1" : IsGam && Record.Value("method") is "REML" or "P-REML";

    /// <summary>The coefficients (of a gam: of its parametric part), by the names of their columns.</summary>
    public IReadOnlyList<string> Coefficients => Terms(Estimate);

    /// <summary>The smooths, by the names of their columns.</summary>
    public IReadOnlyList<string> Smooths => Terms(Edf);

    /// <summary>Standard deviations and correlations of random effects, by the names of their columns.</summary>
    public IEnumerable<string> RandomEffects =>
        _columns.Summary.ColumnNames.Where(name =>
            (name.Contains(".sd__", StringComparison.Ordinal) || name.Contains(".cor__", StringComparison.Ordinal))
            && !name.StartsWith("Residual.", StringComparison.Ordinal)
        );

    /// <summary>Opens an analysis.</summary>
    /// <param name="path">The HDF5 file.</param>
    /// <param name="analysis">The name under <c>/results</c>.</param>
    /// <param name="allowsExternal">Whether values may be stored outside the folder of the file.</param>
    public static ComparedModel Open(string path, string analysis, bool allowsExternal) =>
        new(AnalysisColumns.Open(path, analysis, allowsExternal));

    /// <summary>Whether the analysis has a column.</summary>
    public bool Has(string column) => _names.Contains(column);

    /// <summary>A column, one value per element.</summary>
    public double[] Read(string column) => _columns.Read(column);

    /// <summary>The status codes of the elements; null: none are stored.</summary>
    public double[]? ReadStatuses() => _columns.ReadStatuses();

    /// <inheritdoc/>
    public void Dispose() => _columns.Dispose();

    private List<string> Terms(string statistic) =>
        [
            .. _columns
                .Summary.ColumnNames.Where(name => name.EndsWith(statistic, StringComparison.Ordinal))
                .Select(name => name[..^statistic.Length]),
        ];
}
