using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed.Results;

/// <summary>
/// The result columns of a mixed model, named as package broom.mixed names rows and statistics: <c>element_id</c>; each fixed effect's
/// statistics; standard deviations of groups and residuals; the model's statistics; the number of groups; corrected p-values; -log10(p).
/// </summary>
internal sealed class MixedColumns
{
    /// <summary>The statistic of the standard deviation between groups.</summary>
    public const string GroupDeviation = "sd__(Intercept)";

    /// <summary>The statistic of the residual standard deviation.</summary>
    public const string ResidualDeviation = "sd__Observation";

    /// <summary>The likelihood ratio of the variance between groups.</summary>
    public const string LikelihoodRatio = "LRT.statistic";

    /// <summary>Its p-value.</summary>
    public const string LikelihoodRatioP = "LRT.p.value";

    /// <summary>The statistic of the number of groups.</summary>
    public const string GroupCount = "ngroups";

    /// <summary>A fixed effect's statistics, in the order of full outputs; confidence limits follow where they are requested.</summary>
    public static readonly IReadOnlyList<string> TermStatistics = ["estimate", "std.error", "df", "statistic", "p.value"];

    private static readonly string[] Limits = ["conf.low", "conf.high"];
    private static readonly string[] OfTests = ["F.statistic", "F.df1", "F.df2", "F.p.value"];
    private static readonly string[] DefaultTermStatistics = ["estimate", "statistic", "p.value"];
    private static readonly string[] DefaultModelStatistics = ["icc", "singular"];

    private readonly bool _hasLimits;
    private readonly bool _hasEffectSizes;
    private readonly DeclaredColumns<MixedColumn> _columns = new();

    /// <summary>The columns of a model.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="design">The model matrix of the fixed effects.</param>
    /// <param name="group">The name of the grouping factor.</param>
    /// <param name="hypotheses">Contrasts, then F tests.</param>
    /// <exception cref="UsageException">A statistic or correction has an unknown name.</exception>
    /// <exception cref="BadInputException">Two columns would have the same name.</exception>
    public MixedColumns(ModelSpec spec, ModelDesign design, string group, IReadOnlyList<Hypothesis> hypotheses)
        : this(spec, design, [(group, GroupDeviation)], [group], hypotheses) { }

    /// <summary>The columns of a model with several random effects.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="design">The model matrix of the fixed effects.</param>
    /// <param name="random">The grouping factor and name of each standard deviation and correlation of random effects.</param>
    /// <param name="groups">The names of the grouping factors.</param>
    /// <param name="hypotheses">Contrasts, then F tests.</param>
    /// <exception cref="UsageException">A statistic or correction has an unknown name.</exception>
    /// <exception cref="BadInputException">Two columns would have the same name.</exception>
    public MixedColumns(
        ModelSpec spec,
        ModelDesign design,
        IReadOnlyList<(string Group, string Statistic)> random,
        IReadOnlyList<string> groups,
        IReadOnlyList<Hypothesis> hypotheses
    )
    {
        var mixed = spec.Mixed ?? new();
        (_hasLimits, _hasEffectSizes) = (mixed.ConfLevel is not null, spec.Hypotheses is { EffectSizes: true });
        ModelStatistics =
        [
            "logLik",
            "AIC",
            "BIC",
            mixed.Ml ? "deviance" : "REMLcrit",
            "sigma",
            "icc",
            "r2.marginal",
            "r2.conditional",
            "singular",
            "nobs",
        ];
        OfTerms = spec.FullOutputs
            ? TermStatistics
            : RequestedStatistics.Chosen(spec.VarTerms, DefaultTermStatistics, TermStatistics, "--var-terms", "lmm");
        var ofModel = spec.FullOutputs
            ? ModelStatistics
            : RequestedStatistics.Chosen(spec.VarModel, DefaultModelStatistics, ModelStatistics, "--var-model", "lmm");

        var coefficients = design.ColumnNames;
        for (var c = 0; c < coefficients.Count; c++)
            AddCombination(
                coefficients[c] == "(Intercept)" ? "Intercept" : coefficients[c],
                c,
                OfTerms,
                LevelDifference.OfCoefficient(c, design)
            );
        for (var r = 0; r < random.Count; r++)
            _columns.Add($"{random[r].Group}.{random[r].Statistic}", new(MixedSubject.Random, r, random[r].Statistic));
        _columns.Add($"Residual.{ResidualDeviation}", new(MixedSubject.Random, 0, ResidualDeviation));
        foreach (var statistic in ofModel)
            _columns.Add($"model.{statistic}", new(MixedSubject.Model, 0, statistic));
        for (var g = 0; g < groups.Count; g++)
            _columns.Add($"{groups[g]}.{GroupCount}", new(MixedSubject.Random, g, GroupCount));

        if (mixed.TestRandom is not null)
            foreach (var statistic in (string[])[LikelihoodRatio, LikelihoodRatioP])
                _columns.Add($"{groups[0]}.{statistic}", new(MixedSubject.Random, 0, statistic));
        for (var h = 0; h < hypotheses.Count; h++)
            if (hypotheses[h].Kind == HypothesisKind.T)
                AddCombination(hypotheses[h].Name, coefficients.Count + h, TermStatistics, hypotheses[h].IsLevelDifference);
        var contrasts = hypotheses.Count(one => one.Kind == HypothesisKind.T);
        for (var h = contrasts; h < hypotheses.Count; h++)
            foreach (var statistic in OfTests.Concat(_hasEffectSizes ? TestEffectSize.OfF : []))
                _columns.Add($"{hypotheses[h].Name}.{statistic}", new(MixedSubject.Test, h - contrasts, statistic));
        _columns.RefuseTwins();
        _columns.AddCorrections(spec.CorrectPValueTerms, "--correct-p-value-terms");
        _columns.AddLogarithms(spec);
    }

    /// <summary>What workers compute, in the order of partial files.</summary>
    public IReadOnlyList<MixedColumn> Partial => _columns.Partial;

    /// <summary>The run's columns.</summary>
    public ResultLayout Layout => _columns.Layout;

    /// <summary>The model's statistics, in the order of full outputs.</summary>
    public IReadOnlyList<string> ModelStatistics { get; }

    /// <summary>The statistics of fixed effects that were requested.</summary>
    private IReadOnlyList<string> OfTerms { get; }

    /// <summary>Warnings about requests without effect.</summary>
    /// <param name="spec">The model.</param>
    public IEnumerable<string> Ineffective(ModelSpec spec) =>
        [
            .. IneffectiveRequests.Overridden(spec, ("--var-terms", spec.VarTerms), ("--var-model", spec.VarModel)),
            .. IneffectiveRequests.Uncorrected(spec.CorrectPValueTerms, "--correct-p-value-terms", "--var-terms", OfTerms),
            .. IneffectiveRequests.Logarithms(spec, OfTerms),
        ];

    private void AddCombination(string name, int combination, IReadOnlyList<string> statistics, bool isLevelDifference)
    {
        foreach (var statistic in statistics.Concat(_hasLimits ? Limits : []).Concat(_hasEffectSizes ? TestEffectSize.OfT : []))
            _columns.Add($"{name}.{statistic}", new(MixedSubject.Coefficient, combination, statistic));
        if (_hasEffectSizes && isLevelDifference)
            _columns.Add($"{name}.cohens.d", new(MixedSubject.Coefficient, combination, "cohens.d"));
    }
}
