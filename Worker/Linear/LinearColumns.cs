using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Linear;

/// <summary>
/// The result columns of lm as ModelArray names and orders them: <c>element_id</c>; each coefficient's statistics; the model's; those of
/// contrasts and F tests; the corrected p-values, correction outermost; then, with <c>--log10-p</c>,
/// <c>&lt;p-value column&gt;.neglog10</c> for every uncorrected p-value; or in the order of an earlier ModelArray
/// (<see cref="ReleasedColumnOrder"/>). <c>(Intercept)</c> is written <c>Intercept</c>. A correction whose p-value was not requested gives
/// no column.
/// </summary>
internal sealed class LinearColumns
{
    /// <summary>A coefficient's statistics, in the order of full outputs.</summary>
    public static readonly IReadOnlyList<string> TermStatistics = ["estimate", "std.error", "statistic", "p.value"];

    /// <summary>The model's statistics, in the order of full outputs.</summary>
    public static readonly IReadOnlyList<string> ModelStatistics =
    [
        "r.squared",
        "adj.r.squared",
        "sigma",
        "statistic",
        "p.value",
        "df",
        "logLik",
        "AIC",
        "BIC",
        "deviance",
        "df.residual",
        "nobs",
    ];

    private static readonly string[] DefaultTermStatistics = ["estimate", "statistic", "p.value"];
    private static readonly string[] DefaultModelStatistics = ["adj.r.squared", "p.value"];

    private readonly DeclaredColumns<LinearColumn> _columns = new();

    private LinearColumns(ModelSpec spec, IReadOnlyList<string> coefficients, IReadOnlyList<Hypothesis> hypotheses, EffectSizes effects)
    {
        var ofTerms = spec.FullOutputs
            ? TermStatistics
            : RequestedStatistics.Chosen(spec.VarTerms, DefaultTermStatistics, TermStatistics, "--var-terms", "lm");
        var ofModel = spec.FullOutputs
            ? ModelStatistics
            : RequestedStatistics.Chosen(spec.VarModel, DefaultModelStatistics, ModelStatistics, "--var-model", "lm");
        var names = coefficients.Select(name => name == "(Intercept)" ? "Intercept" : name).ToList();

        for (var c = 0; c < names.Count; c++)
            foreach (var statistic in ofTerms.Concat(effects.OfCoefficient(c)))
                _columns.Add($"{names[c]}.{statistic}", new(LinearSubject.Coefficient, c, statistic));
        foreach (var statistic in ofModel)
            _columns.Add($"model.{statistic}", new(LinearSubject.Model, 0, statistic));
        for (var h = 0; h < hypotheses.Count; h++)
            foreach (var statistic in effects.OfHypothesis(hypotheses[h]))
                _columns.Add($"{hypotheses[h].Name}.{statistic}", new(LinearSubject.Hypothesis, h, statistic));
        _columns.RefuseTwins();
        _columns.AddCorrections(spec.CorrectPValueTerms, "--correct-p-value-terms", column => column.Subject != LinearSubject.Model);
        _columns.AddCorrections(spec.CorrectPValueModel, "--correct-p-value-model", column => column.Subject == LinearSubject.Model);
        _columns.AddLogarithms(spec);
        _columns.Reorder(spec, column => column.Subject, staysLast: _ => false);
    }

    /// <summary>Warnings about requests without effect.</summary>
    /// <param name="spec">The model.</param>
    public IEnumerable<string> Ineffective(ModelSpec spec)
    {
        var (ofTerms, ofModel) = (
            Partial.Where(column => column.Subject != LinearSubject.Model).Select(Plain),
            Partial.Where(column => column.Subject == LinearSubject.Model).Select(column => column.Statistic)
        );
        return
        [
            .. IneffectiveRequests.Overridden(spec, ("--var-terms", spec.VarTerms), ("--var-model", spec.VarModel)),
            .. IneffectiveRequests.Uncorrected(spec.CorrectPValueTerms, "--correct-p-value-terms", "--var-terms", ofTerms),
            .. IneffectiveRequests.Uncorrected(spec.CorrectPValueModel, "--correct-p-value-model", "--var-model", ofModel),
            .. IneffectiveRequests.Logarithms(spec, Partial.Select(Plain)),
        ];

        static string Plain(LinearColumn column) => column.IsPValue ? "p.value" : column.Statistic;
    }

    /// <summary>What workers compute, in the order of partial files.</summary>
    public IReadOnlyList<LinearColumn> Partial => _columns.Partial;

    /// <summary>The run's columns.</summary>
    public ResultLayout Layout => _columns.Layout;

    /// <summary>The columns of <paramref name="spec"/> for a model matrix with these columns.</summary>
    /// <exception cref="UsageException">A statistic or correction has an unknown name.</exception>
    public static LinearColumns Create(ModelSpec spec, IReadOnlyList<string> coefficients) => new(spec, coefficients, [], EffectSizes.None);

    /// <summary>The same with contrasts, tests and effect sizes.</summary>
    /// <exception cref="UsageException">A statistic or correction has an unknown name.</exception>
    /// <exception cref="BadInputException">Two columns would have the same name.</exception>
    public static LinearColumns Create(ModelSpec spec, ModelDesign design, IReadOnlyList<Hypothesis> hypotheses) =>
        new(spec, design.ColumnNames, hypotheses, EffectSizes.Create(spec, design));
}
