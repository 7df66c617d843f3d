using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Gam.Generalized;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>The subject of a column of a gam.</summary>
internal enum GamSubject
{
    /// <summary>A smooth.</summary>
    Smooth,

    /// <summary>A coefficient of the parametric part.</summary>
    Parametric,

    /// <summary>The model.</summary>
    Model,

    /// <summary>A contrast or F test of the parametric part.</summary>
    Hypothesis,

    /// <summary>A comparison of the model with the same model without one term.</summary>
    ReducedModel,
}

/// <summary>The content of one partial column of a gam.</summary>
/// <param name="Subject">The subject of the statistic.</param>
/// <param name="Index">The index of the smooth, parametric coefficient, hypothesis or reduced model.</param>
/// <param name="Statistic">Its name (<c>p.value</c>).</param>
/// <param name="NegativeLog10">Whether it is -log10 of the statistic.</param>
internal readonly record struct GamColumn(GamSubject Subject, int Index, string Statistic, bool NegativeLog10 = false)
    : IDeclaredColumn<GamColumn>
{
    /// <inheritdoc/>
    public bool IsPValue => Statistic is "p.value" or "F.p.value" or "Chisq.p.value" && !NegativeLog10;

    /// <inheritdoc/>
    public GamColumn ToNegativeLog10() => this with { NegativeLog10 = true };
}

/// <summary>
/// The result columns of gam as ModelArray names and orders them: <c>element_id</c>; the smooths' statistics, the parametric coefficients',
/// the model's, those of contrasts and F tests; the corrected p-values, smooths first, correction outermost; <c>delta.adj.rsq</c> and
/// <c>partial.rsq</c> of the requested terms; then, with <c>--log10-p</c>, <c>&lt;p-value column&gt;.neglog10</c> for every uncorrected
/// p-value; or in the order of an earlier ModelArray (<see cref="ReleasedColumnOrder"/>).
/// </summary>
internal sealed class GamColumns : IGamOutputs
{
    /// <summary>A smooth's statistics, in the order of full outputs.</summary>
    public static readonly IReadOnlyList<string> SmoothStatistics = ["edf", "ref.df", "statistic", "p.value"];

    /// <summary>A parametric coefficient's statistics, in the order of full outputs.</summary>
    public static readonly IReadOnlyList<string> ParametricStatistics = ["estimate", "std.error", "statistic", "p.value"];

    /// <summary>The model's statistics, in the order of full outputs.</summary>
    public static readonly IReadOnlyList<string> ModelStatistics =
    [
        "adj.r.squared",
        "dev.expl",
        "sp.criterion",
        "scale",
        "df",
        "logLik",
        "AIC",
        "BIC",
        "deviance",
        "df.residual",
        "nobs",
    ];

    /// <summary>The statistics of an F test.</summary>
    public static readonly IReadOnlyList<string> TestStatistics = ["F.statistic", "F.df1", "F.df2", "F.p.value"];

    /// <summary>The statistics of the same test with a known scale.</summary>
    private static readonly string[] ChiSquareStatistics = ["Chisq.statistic", "Chisq.df", "Chisq.p.value"];

    private static readonly string[] DefaultSmoothStatistics = ["statistic", "p.value"];
    private static readonly string[] DefaultParametricStatistics = ["estimate", "statistic", "p.value"];
    private static readonly string[] DefaultModelStatistics = ["dev.expl"];

    private readonly bool _hasSmooths;
    private readonly double _level;
    private readonly List<ColumnBlock> _blocks;
    private readonly List<FixedDataset> _points;
    private readonly DeclaredColumns<GamColumn> _columns = new();

    private GamColumns(
        ModelSpec spec,
        GamTermNames names,
        IReadOnlyList<SmoothCurve> curves,
        IReadOnlyList<Hypothesis> hypotheses,
        GamModel model
    )
    {
        (_hasSmooths, _level) = (names.Smooths.Count > 0, ParametricEffects.LevelOf(spec));
        var family = model.Family;
        _blocks = [.. curves.SelectMany(curve => curve.Blocks(names.Smooths[curve.Smooth]))];
        _points = [.. curves.SelectMany(curve => curve.Points(names.Smooths[curve.Smooth]))];
        var gam = spec.Gam ?? new();
        AddAll(
            GamSubject.Smooth,
            names.Smooths,
            Chosen(gam.VarSmoothTerms, DefaultSmoothStatistics, SmoothStatistics, "--var-smooth-terms")
        );
        var ofCoefficients = Chosen(gam.VarParametricTerms, DefaultParametricStatistics, ParametricStatistics, "--var-parametric-terms");
        for (var c = 0; c < names.Parametric.Count; c++)
            Add(
                names.Parametric[c],
                new(GamSubject.Parametric, c, ""),
                ofCoefficients.Concat(OfEffect(LevelDifference.OfCoefficient(c, model.Design)))
            );
        AddAll(GamSubject.Model, ["model"], Chosen(spec.VarModel, DefaultModelStatistics, OfModel(family), "--var-model"));
        for (var h = 0; h < hypotheses.Count; h++)
            Add(
                hypotheses[h].Name,
                new(GamSubject.Hypothesis, h, ""),
                hypotheses[h].Kind == HypothesisKind.T
                    ? ParametricStatistics.Concat(OfEffect(hypotheses[h].IsLevelDifference))
                    : OfTest(family).Concat(double.IsNaN(_level) ? [] : ParametricEffects.SizesOfTest(family))
            );
        _columns.RefuseTwins();
        _columns.AddCorrections(
            gam.CorrectPValueSmoothTerms,
            "--correct-p-value-smooth-terms",
            column => IsAbout(GamSubject.Smooth, column)
        );
        _columns.AddCorrections(
            gam.CorrectPValueParametricTerms,
            "--correct-p-value-parametric-terms",
            column => IsAbout(GamSubject.Parametric, column)
        );
        AddAll(GamSubject.ReducedModel, names.Reduced, ["delta.adj.rsq", "partial.rsq"]);
        _columns.AddLogarithms(spec);
        _columns.Reorder(spec, column => column.Subject, column => column.Subject == GamSubject.ReducedModel);

        IReadOnlyList<string> Chosen(
            IReadOnlyList<string>? requested,
            IReadOnlyList<string> defaults,
            IReadOnlyList<string> known,
            string option
        ) => spec.FullOutputs ? known : RequestedStatistics.Chosen(requested, defaults, known, option, "gam");

        IEnumerable<string> OfEffect(bool isLevelDifference) =>
            double.IsNaN(_level) ? [] : ParametricEffects.Limits.Concat(ParametricEffects.SizesOf(family, isLevelDifference));
    }

    /// <inheritdoc/>
    public IGamStatistics CreateStatistics(GamModel model, IReadOnlyList<Hypothesis> hypotheses) =>
        new GamStatistics(Partial, model.Smooths.Count, model.PValues, hypotheses, model.Design.ColumnNames.Count, _level);

    /// <inheritdoc/>
    public string Label(NamedSmooth smooth) => smooth.Label;

    /// <inheritdoc/>
    public IEnumerable<string> Ineffective(ModelSpec spec)
    {
        return
        [
            .. IneffectiveGamRequests.Find(
                spec,
                _hasSmooths,
                Computed(GamSubject.Smooth),
                Computed(GamSubject.Parametric),
                Partial.Select(Plain)
            ),
            .. HypothesisSet.WithoutLimits(spec),
        ];

        IEnumerable<string> Computed(GamSubject subject) => Partial.Where(column => IsAbout(subject, column)).Select(Plain);

        static string Plain(GamColumn column) => column.IsPValue ? "p.value" : column.Statistic;
    }

    /// <summary>The columns that workers compute, in the order of partials.</summary>
    public IReadOnlyList<GamColumn> Partial => _columns.Partial;

    /// <summary>The run's columns.</summary>
    public ResultLayout Layout => _columns.Layout with { Blocks = _blocks, Fixed = _points };

    /// <summary>The columns of <paramref name="spec"/> for a model with these terms.</summary>
    /// <exception cref="UsageException">A statistic or correction has an unknown name.</exception>
    public static GamColumns Create(
        ModelSpec spec,
        GamTermNames names,
        IReadOnlyList<SmoothCurve> curves,
        IReadOnlyList<Hypothesis> hypotheses,
        GamModel model
    ) => new(spec, names, curves, hypotheses, model);

    private static IReadOnlyList<string> OfModel(GamFamily? family) =>
        family is null ? ModelStatistics
        : family.HasShape ? [.. ModelStatistics, "null.deviance", "theta"]
        : [.. ModelStatistics, "null.deviance"];

    private static IReadOnlyList<string> OfTest(GamFamily? family) =>
        family is null or { HasScale: true } ? TestStatistics : ChiSquareStatistics;

    /// <summary>Whether a column is about smooths, or about parametric terms, of which contrasts and tests are made.</summary>
    private static bool IsAbout(GamSubject terms, GamColumn column) =>
        column.Subject == terms || (terms == GamSubject.Parametric && column.Subject == GamSubject.Hypothesis);

    private void AddAll(GamSubject subject, IReadOnlyList<string> names, IReadOnlyList<string> statistics)
    {
        for (var i = 0; i < names.Count; i++)
            Add(names[i], new(subject, i, ""), statistics);
    }

    private void Add(string name, GamColumn column, IEnumerable<string> statistics)
    {
        foreach (var statistic in statistics)
            _columns.Add($"{name}.{statistic}", column with { Statistic = statistic });
    }
}
