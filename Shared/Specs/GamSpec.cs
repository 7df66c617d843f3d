namespace HpcFit.Shared.Specs;

/// <summary>The arguments of a gam beyond its formula, under mgcv's and ModelArray's names.</summary>
public sealed record GamSpec
{
    /// <summary>The default of <see cref="SmoothPValues"/>.</summary>
    public const string AccuratePValues = "accurate";

    /// <summary>Intervals that cover the value at each point with probability 0.95.</summary>
    public const string Pointwise = "pointwise";

    /// <summary>Intervals that cover the whole curve with probability 0.95.</summary>
    public const string Simultaneous = "simultaneous";

    /// <summary>
    /// How smoothing parameters are chosen: <c>GCV.Cp</c>, <c>GACV.Cp</c>, <c>REML</c>, <c>ML</c>, <c>P-REML</c> or <c>P-ML</c>.
    /// </summary>
    public string Method { get; init; } = "GCV.Cp";

    /// <summary>Multiplies the effective degrees of freedom in the criterion; larger values (such as 1.4) give smoother fits.</summary>
    public double Gamma { get; init; } = 1;

    /// <summary>Adds a penalty on each smooth's null space, so that a term can vanish (Marra and Wood 2011).</summary>
    public bool Select { get; init; }

    /// <summary>Fixed smoothing parameters, one per penalty, negative to estimate; null: all estimated.</summary>
    public IReadOnlyList<double>? Sp { get; init; }

    /// <summary>Knots by covariate.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Knots { get; init; } = new Dictionary<string, IReadOnlyList<double>>();

    /// <summary>
    /// Statistics of the smooth terms (<c>edf</c>, <c>ref.df</c>, <c>statistic</c>, <c>p.value</c>); null: ModelArray's default. Empty:
    /// none.
    /// </summary>
    public IReadOnlyList<string>? VarSmoothTerms { get; init; }

    /// <summary>Statistics of the parametric terms; null: ModelArray's default. Empty: none.</summary>
    public IReadOnlyList<string>? VarParametricTerms { get; init; }

    /// <summary>Corrections of the smooths' p-values; null: ModelArray's default (<c>fdr</c>). Empty: none.</summary>
    public IReadOnlyList<string>? CorrectPValueSmoothTerms { get; init; }

    /// <summary>Corrections of the parametric terms' p-values; null: ModelArray's default (<c>fdr</c>). Empty: none.</summary>
    public IReadOnlyList<string>? CorrectPValueParametricTerms { get; init; }

    /// <summary>1-based indices of the terms whose <c>delta.adj.rsq</c> and <c>partial.rsq</c> are requested.</summary>
    public IReadOnlyList<int> ChangedRsqTermIndex { get; init; } = [];

    /// <summary>The number of points at which each smooth's curve and its standard error are stored; 0: none.</summary>
    public int SmoothCurves { get; init; }

    /// <summary>Whether the derivatives of smooths of one variable, and their standard errors, are stored at the same points.</summary>
    public bool SmoothDerivatives { get; init; }

    /// <summary>
    /// The 95 % intervals of curves and derivatives: <see cref="Pointwise"/>, or <see cref="Simultaneous"/> over the points of a curve;
    /// null: none.
    /// </summary>
    public string? SmoothIntervals { get; init; }

    /// <summary>How the null distribution of the smooths' tests is evaluated: <c>accurate</c>, or <c>davies</c> as mgcv does.</summary>
    public string SmoothPValues { get; init; } = AccuratePValues;

    /// <summary>
    /// Keep the full cohort's basis at elements with missing subjects (<c>all-subjects</c>) instead of mgcv's (<c>rows-left</c>).
    /// </summary>
    public bool BasisOfAllSubjects { get; init; }
}
