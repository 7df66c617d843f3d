using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Generalized;
using HpcFit.Worker.Gam.Terms;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Mixed.Results;
using HpcFit.Worker.Mixed.Terms;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Gam.Mixed;

/// <summary>
/// The result columns of a gamm: <c>element_id</c>; as gam names them, the statistics of smooths and parametric coefficients; as package
/// broom.mixed names them, the standard deviations of random effects and residuals; the model's statistics; numbers of groups; the test of
/// a random term; contrasts and F tests; corrected p-values, smooths first; -log10(p).
/// </summary>
internal sealed class MixedGamColumns : IGamOutputs
{
    private static readonly string[] ChiSquareStatistics = ["Chisq.statistic", "Chisq.df", "Chisq.p.value"];

    /// <summary>Relative to the deviation between observations of different groups, which a gam has not.</summary>
    private const string CohensD = "cohens.d";

    private static readonly string[] OfNormal = ["icc", "r2.marginal", "r2.conditional"];
    private static readonly string[] DefaultSmoothStatistics = ["statistic", "p.value"];
    private static readonly string[] DefaultParametricStatistics = ["estimate", "statistic", "p.value"];

    private readonly ModelSpec _spec;
    private readonly RandomGroups _random;
    private readonly bool _hasSmooths;
    private readonly DeclaredColumns<MixedGamColumn> _columns = new();
    private readonly IReadOnlyList<SmoothCurve> _curves;
    private readonly IReadOnlyList<string> _smooths;
    private readonly Dictionary<SmoothTerm, RandomTerm> _ofRandom;

    /// <summary>The columns of a model.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="model">The same, bound; its last smooths are the random terms.</param>
    /// <param name="random">The random terms.</param>
    /// <param name="hypotheses">Contrasts, then F tests.</param>
    /// <exception cref="UsageException">A statistic, correction or group has an unknown name.</exception>
    /// <exception cref="BadInputException">Two columns would have the same name.</exception>
    public MixedGamColumns(ModelSpec spec, GamModel model, RandomGroups random, IReadOnlyList<Hypothesis> hypotheses)
    {
        (_spec, _random, _curves) = (spec, random, model.Curves);
        _ofRandom = model
            .Terms.TakeLast(random.Effects)
            .Zip(random.Terms.SelectMany(term => term.Effects.Select(_ => term)))
            .ToDictionary(pair => pair.First, pair => pair.Second);
        var gam = spec.Gam ?? new();
        var names = GamTermNames.Create(model);
        _smooths = [.. names.Smooths.Take(model.Smooths.Count - random.Effects)];
        _hasSmooths = _smooths.Count > 0;
        ModelStatistics = StatisticsOf(model.Family, spec.Mixed is { Ml: true });
        var ofSmooths = Chosen(gam.VarSmoothTerms, DefaultSmoothStatistics, GamColumns.SmoothStatistics, "--var-smooth-terms");
        foreach (var (name, s) in _smooths.Select((name, s) => (name, s)))
            AddGam(name, GamSubject.Smooth, s, ofSmooths);
        var ofCoefficients = Chosen(
            gam.VarParametricTerms,
            DefaultParametricStatistics,
            GamColumns.ParametricStatistics,
            "--var-parametric-terms"
        );
        for (var c = 0; c < names.Parametric.Count; c++)
            AddEffect(
                names.Parametric[c],
                new(GamSubject.Parametric, c, ""),
                ofCoefficients,
                LevelDifference.OfCoefficient(c, model.Design),
                model.Family
            );
        AddRandom(model.Family);
        foreach (
            var statistic in Chosen(
                spec.VarModel,
                model.Family is null ? ["dev.expl", "icc", "singular"] : ["dev.expl", "singular"],
                ModelStatistics,
                "--var-model"
            )
        )
            _columns.Add($"model.{statistic}", OfModel(statistic));
        foreach (var factor in random.Distinct)
            _columns.Add(
                $"{factor.Name}.{MixedColumns.GroupCount}",
                new(MixedGamSubject.Random, MixedColumns.GroupCount, default, random.Factors.ToList().IndexOf(factor))
            );
        AddRandomTest(model);
        AddHypotheses(hypotheses, model.Family);
        _columns.RefuseTwins();
        _columns.AddCorrections(gam.CorrectPValueSmoothTerms, "--correct-p-value-smooth-terms", IsOfSmooth);
        _columns.AddCorrections(gam.CorrectPValueParametricTerms, "--correct-p-value-parametric-terms", column => !IsOfSmooth(column));
        _columns.AddLogarithms(spec);
    }

    /// <summary>The columns that workers compute, in the order of partials.</summary>
    public IReadOnlyList<MixedGamColumn> Partial => _columns.Partial;

    /// <summary>The model's statistics, in the order of full outputs.</summary>
    public IReadOnlyList<string> ModelStatistics { get; }

    /// <inheritdoc/>
    public ResultLayout Layout =>
        _columns.Layout with
        {
            Blocks = [.. _curves.SelectMany(curve => curve.Blocks(_smooths[curve.Smooth]))],
            Fixed = [.. _curves.SelectMany(curve => curve.Points(_smooths[curve.Smooth]))],
        };

    /// <inheritdoc/>
    public IGamStatistics CreateStatistics(GamModel model, IReadOnlyList<Hypothesis> hypotheses) =>
        new MixedGamStatistics(this, _spec, model, _random, hypotheses);

    /// <inheritdoc/>
    public string Label(NamedSmooth smooth) => _ofRandom.TryGetValue(smooth.Term, out var term) ? term.Text : smooth.Label;

    /// <inheritdoc/>
    public IEnumerable<string> Ineffective(ModelSpec spec)
    {
        return IneffectiveGamRequests.Find(
            spec,
            _hasSmooths,
            Computed(IsOfSmooth),
            Computed(column => !IsOfSmooth(column)),
            Computed(_ => true)
        );

        IEnumerable<string> Computed(Func<MixedGamColumn, bool> isOf) =>
            Partial.Where(isOf).Select(column => column.IsPValue ? "p.value" : column.Statistic);
    }

    /// <summary>The statistics of a family, in the order of full outputs.</summary>
    private static IReadOnlyList<string> StatisticsOf(GamFamily? family, bool isMl) =>
        [
            .. GamColumns.ModelStatistics.Select(one =>
                one != "sp.criterion" ? one
                : isMl ? "MLcrit"
                : "REMLcrit"
            ),
            .. family is null ? OfNormal
            : family.HasShape ? ["null.deviance", "theta"]
            : (string[])["null.deviance"],
            "singular",
        ];

    private static bool IsOfSmooth(MixedGamColumn column) => column is { Subject: MixedGamSubject.Gam, Gam.Subject: GamSubject.Smooth };

    private static MixedGamColumn OfModel(string statistic) =>
        statistic is "REMLcrit" or "MLcrit" or "singular" || OfNormal.Contains(statistic)
            ? new(MixedGamSubject.Model, statistic, default)
            : MixedGamColumn.From(new(GamSubject.Model, 0, statistic));

    private IReadOnlyList<string> Chosen(
        IReadOnlyList<string>? requested,
        IReadOnlyList<string> byDefault,
        IReadOnlyList<string> known,
        string option
    ) => _spec.FullOutputs ? known : RequestedStatistics.Chosen(requested, byDefault, known, option, "gamm");

    private void AddRandom(GamFamily? family)
    {
        // As lme4 orders them: terms with more groups first.
        for (var t = _random.Terms.Count - 1; t >= 0; t--)
        {
            var (group, effects) = (_random.Terms[t].Group, _random.Terms[t].Effects);
            for (var i = 0; i < effects.Count; i++)
                _columns.Add($"{group}.sd__{effects[i]}", new(MixedGamSubject.Random, $"sd__{effects[i]}", default, t, i, i));
            for (var i = 0; i < effects.Count; i++)
            for (var j = i + 1; j < effects.Count; j++)
                _columns.Add(
                    $"{group}.cor__{effects[i]}.{effects[j]}",
                    new(MixedGamSubject.Random, $"cor__{effects[i]}.{effects[j]}", default, t, i, j)
                );
        }
        if (family is null)
            _columns.Add(
                $"Residual.{MixedColumns.ResidualDeviation}",
                new(MixedGamSubject.Residual, MixedColumns.ResidualDeviation, default)
            );
    }

    /// <summary>The test of a random intercept as gam has it, under the name of its groups (Wood 2013, Biometrika 100, 1005).</summary>
    private void AddRandomTest(GamModel model)
    {
        if (_spec.Mixed?.TestRandom is not { } tested)
            return;
        var place = _random.Terms.ToList().FindIndex(term => term.Group == tested && term.HasIntercept);
        if (place < 0 && tested == MixedSpec.Exact)
            throw new UsageException(
                $"--test-random {tested} is available for --model lmm. Name the groups for mgcv's test: --test-random "
                    + $"{_random.Terms[^1].Group}."
            );
        if (place < 0)
            throw new UsageException(
                $"--test-random {tested}: no random intercept of the formula has these groups. "
                    + NearestNames.Hint(tested, _random.Terms.Where(term => term.HasIntercept).Select(term => term.Group))
            );
        if (_random.Terms[place].Effects.Count > 1)
            throw new UsageException(
                $"--test-random {tested}: the intercept of {_random.Terms[place].Text} may be correlated with slopes and has no test "
                    + "of its own. Omit the test, or compare AIC with a model without the term (hpcfit compare --criteria-only)."
            );
        AddGam(
            tested,
            GamSubject.Smooth,
            model.Smooths.Count - _random.Effects + _random.Terms.Take(place).Sum(term => term.Effects.Count),
            GamColumns.SmoothStatistics
        );
    }

    private void AddHypotheses(IReadOnlyList<Hypothesis> hypotheses, GamFamily? family)
    {
        for (var h = 0; h < hypotheses.Count; h++)
        {
            var (name, subject) = (hypotheses[h].Name, new GamColumn(GamSubject.Hypothesis, h, ""));
            if (hypotheses[h].Kind == HypothesisKind.T)
            {
                AddEffect(name, subject, GamColumns.ParametricStatistics, hypotheses[h].IsLevelDifference, family);
                continue;
            }
            AddGam(name, GamSubject.Hypothesis, h, family is null or { HasScale: true } ? GamColumns.TestStatistics : ChiSquareStatistics);
            AddGam(name, GamSubject.Hypothesis, h, HasSizes ? ParametricEffects.SizesOfTest(family) : []);
        }
    }

    private bool HasSizes => _spec.Hypotheses is { EffectSizes: true };

    private void AddEffect(string name, GamColumn subject, IReadOnlyList<string> statistics, bool isLevelDifference, GamFamily? family)
    {
        AddGam(name, subject.Subject, subject.Index, statistics);
        AddGam(name, subject.Subject, subject.Index, _spec.Mixed?.ConfLevel is null ? [] : ParametricEffects.Limits);
        foreach (var statistic in HasSizes ? ParametricEffects.SizesOf(family, isLevelDifference) : [])
            _columns.Add(
                $"{name}.{statistic}",
                statistic == CohensD
                    ? new(MixedGamSubject.Effect, statistic, subject)
                    : MixedGamColumn.From(subject with { Statistic = statistic })
            );
    }

    private void AddGam(string name, GamSubject subject, int index, IReadOnlyList<string> statistics)
    {
        foreach (var statistic in statistics)
            _columns.Add($"{name}.{statistic}", MixedGamColumn.From(new(subject, index, statistic)));
    }
}
