using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Families;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Generalized;

/// <summary>
/// The result columns of a generalised linear model, with the names of package broom in the order of lm's: <c>element_id</c>; each
/// coefficient's statistics; the model's; those of contrasts and tests; corrected p-values; -log10(p).
/// </summary>
internal sealed class GeneralizedColumns
{
    /// <summary>A coefficient's statistics, in the order of full outputs.</summary>
    public static readonly IReadOnlyList<string> TermStatistics = ["estimate", "std.error", "statistic", "p.value"];

    private static readonly string[] DefaultTermStatistics = ["estimate", "statistic", "p.value"];
    private static readonly string[] DefaultModelStatistics = ["deviance", "dispersion"];
    private static readonly string[] OfCounts = ["theta", "theta.std.error"];
    private static readonly string[] OfEveryModel =
    [
        "null.deviance",
        "df.null",
        "logLik",
        "AIC",
        "BIC",
        "deviance",
        "df.residual",
        "nobs",
        "dispersion",
    ];
    private static readonly string[] Limits = ["conf.low", "conf.high"];
    private static readonly string[] Ratios = ["exp.estimate", "exp.conf.low", "exp.conf.high"];

    private readonly DeclaredColumns<GeneralizedColumn> _columns = new();
    private readonly IReadOnlyList<string> _effects;

    /// <summary>The columns of a model.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="family">Its family.</param>
    /// <param name="coefficients">The names of the coefficients.</param>
    /// <param name="hypotheses">The contrasts and tests.</param>
    /// <exception cref="UsageException">A statistic or correction has an unknown name.</exception>
    /// <exception cref="BadInputException">Two columns would have the same name.</exception>
    public GeneralizedColumns(ModelSpec spec, Family family, IReadOnlyList<string> coefficients, IReadOnlyList<Hypothesis> hypotheses)
    {
        var isNegativeBinomial = family.Name == FamilySpec.NegativeBinomial;
        ModelStatistics = isNegativeBinomial ? [.. OfEveryModel, .. OfCounts] : OfEveryModel;
        var ofTerms = spec.FullOutputs
            ? TermStatistics
            : RequestedStatistics.Chosen(spec.VarTerms, DefaultTermStatistics, TermStatistics, "--var-terms", $"--family {family.Name}");
        var ofModel = spec.FullOutputs
            ? ModelStatistics
            : RequestedStatistics.Chosen(
                spec.VarModel,
                isNegativeBinomial ? [.. DefaultModelStatistics, OfCounts[0]] : DefaultModelStatistics,
                ModelStatistics,
                "--var-model",
                $"--family {family.Name}"
            );
        _effects =
            spec.Hypotheses is not { EffectSizes: true } ? []
            : family.Link.Name is "log" or "logit" ? [.. Limits, .. Ratios]
            : Limits;

        for (var c = 0; c < coefficients.Count; c++)
            foreach (var statistic in ofTerms.Concat(_effects))
                _columns.Add(
                    $"{(coefficients[c] == "(Intercept)" ? "Intercept" : coefficients[c])}.{statistic}",
                    new(GeneralizedSubject.Coefficient, c, statistic)
                );
        foreach (var statistic in ofModel)
            _columns.Add($"model.{statistic}", new(GeneralizedSubject.Model, 0, statistic));
        for (var h = 0; h < hypotheses.Count; h++)
            foreach (var statistic in OfHypothesis(hypotheses[h], family))
                _columns.Add($"{hypotheses[h].Name}.{statistic}", new(GeneralizedSubject.Hypothesis, h, statistic));
        _columns.RefuseTwins();
        _columns.AddCorrections(spec.CorrectPValueTerms, "--correct-p-value-terms");
        _columns.AddLogarithms(spec);
        _columns.Reorder(spec, column => column.Subject, staysLast: _ => false);
    }

    /// <summary>What workers compute, in the order of partial files.</summary>
    public IReadOnlyList<GeneralizedColumn> Partial => _columns.Partial;

    /// <summary>The run's columns.</summary>
    public ResultLayout Layout => _columns.Layout;

    /// <summary>The model's statistics, in the order of full outputs.</summary>
    public IReadOnlyList<string> ModelStatistics { get; }

    /// <summary>Warnings about requests without effect.</summary>
    /// <param name="spec">The model.</param>
    public IEnumerable<string> Ineffective(ModelSpec spec)
    {
        var chosen = Partial.Select(column => column.IsPValue ? "p.value" : column.Statistic).ToList();
        return
        [
            .. IneffectiveRequests.Overridden(spec, ("--var-terms", spec.VarTerms), ("--var-model", spec.VarModel)),
            .. IneffectiveRequests.Uncorrected(spec.CorrectPValueTerms, "--correct-p-value-terms", "--var-terms", chosen),
            .. spec.CorrectPValueModel is { Count: > 0 }
                ? ["--correct-p-value-model has no effect: with --family the model as a whole has no p-value."]
                : (string[])[],
            .. IneffectiveRequests.Logarithms(spec, chosen),
        ];
    }

    /// <summary>The statistics of a contrast, or of a test: by F where the dispersion is estimated, by chi-square otherwise.</summary>
    private IEnumerable<string> OfHypothesis(Hypothesis hypothesis, Family family) =>
        hypothesis.Kind == HypothesisKind.T ? [.. TermStatistics, .. _effects]
        : family.HasKnownDispersion ? ["Chisq.statistic", "Chisq.df", "Chisq.p.value"]
        : ["F.statistic", "F.df1", "F.df2", "F.p.value"];
}
