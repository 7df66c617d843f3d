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

    private readonly List<LinearColumn> _partial = [];
    private readonly List<string> _partialNames = [];
    private readonly List<ResultColumn> _columns = [new("element_id", ResultSource.ElementId)];

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
                Add($"{names[c]}.{statistic}", new(LinearSubject.Coefficient, c, statistic));
        foreach (var statistic in ofModel)
            Add($"model.{statistic}", new(LinearSubject.Model, 0, statistic));
        for (var h = 0; h < hypotheses.Count; h++)
            foreach (var statistic in effects.OfHypothesis(hypotheses[h]))
                Add($"{hypotheses[h].Name}.{statistic}", new(LinearSubject.Hypothesis, h, statistic));
        ResultColumnNames.RefuseTwins(_partialNames);

        var uncorrected = _partial.Count;
        AddCorrections(spec.CorrectPValueTerms, uncorrected, ofModel: false);
        AddCorrections(spec.CorrectPValueModel, uncorrected, ofModel: true);
        for (var i = 0; spec.Log10P && i < uncorrected; i++)
            if (_partial[i].IsPValue)
                Add(_partialNames[i] + ".neglog10", _partial[i] with { NegativeLog10 = true });
        if (spec.ColumnOrder == ReleasedColumnOrder.Name)
            _columns = ReleasedColumnOrder.Apply(
                _columns,
                i => _partial[i].Subject,
                i => _partial[i].Statistic,
                i => _partial[i].NegativeLog10
            );
    }

    /// <summary>Warnings about requests without effect.</summary>
    /// <param name="spec">The model.</param>
    public IEnumerable<string> Ineffective(ModelSpec spec)
    {
        var (ofTerms, ofModel) = (
            _partial.Where(column => column.Subject != LinearSubject.Model).Select(Plain),
            _partial.Where(column => column.Subject == LinearSubject.Model).Select(column => column.Statistic)
        );
        return
        [
            .. IneffectiveRequests.Overridden(spec, ("--var-terms", spec.VarTerms), ("--var-model", spec.VarModel)),
            .. IneffectiveRequests.Uncorrected(spec.CorrectPValueTerms, "--correct-p-value-terms", "--var-terms", ofTerms),
            .. IneffectiveRequests.Uncorrected(spec.CorrectPValueModel, "--correct-p-value-model", "--var-model", ofModel),
            .. IneffectiveRequests.Logarithms(spec, _partial.Select(Plain)),
        ];

        static string Plain(LinearColumn column) => column.IsPValue ? "p.value" : column.Statistic;
    }

    /// <summary>What workers compute, in the order of partial files.</summary>
    public IReadOnlyList<LinearColumn> Partial => _partial;

    /// <summary>The run's columns.</summary>
    public ResultLayout Layout => new(_partialNames, _columns);

    /// <summary>The columns of <paramref name="spec"/> for a model matrix with these columns.</summary>
    /// <exception cref="UsageException">A statistic or correction has an unknown name.</exception>
    public static LinearColumns Create(ModelSpec spec, IReadOnlyList<string> coefficients) => new(spec, coefficients, [], EffectSizes.None);

    /// <summary>The same with contrasts, tests and effect sizes.</summary>
    /// <exception cref="UsageException">A statistic or correction has an unknown name.</exception>
    /// <exception cref="BadInputException">Two columns would have the same name.</exception>
    public static LinearColumns Create(ModelSpec spec, ModelDesign design, IReadOnlyList<Hypothesis> hypotheses) =>
        new(spec, design.ColumnNames, hypotheses, EffectSizes.Create(spec, design));

    private void Add(string name, LinearColumn column)
    {
        _columns.Add(new(name, ResultSource.Partial, _partial.Count));
        _partial.Add(column);
        _partialNames.Add(name);
    }

    private void AddCorrections(IReadOnlyList<string>? requested, int uncorrected, bool ofModel)
    {
        foreach (
            var (method, correction) in RequestedStatistics.Corrections(
                requested,
                ofModel ? "--correct-p-value-model" : "--correct-p-value-terms"
            )
        )
        {
            for (var i = 0; i < uncorrected; i++)
                if (_partial[i].IsPValue && _partial[i].Subject == LinearSubject.Model == ofModel)
                    _columns.Add(new($"{_partialNames[i]}.{method}", ResultSource.Correction, i, correction));
        }
    }
}
