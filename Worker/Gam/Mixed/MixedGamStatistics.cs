using System.Runtime.CompilerServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Mixed.Results;

namespace HpcFit.Worker.Gam.Mixed;

/// <summary>Computes the columns of a gamm from a fit of the gam engine. A workspace; not thread-safe.</summary>
/// <remarks>
/// The variance of a random effect is σ²/λ in the units of its columns. The restricted or marginal likelihood is that of the criterion; the
/// log likelihood, AIC and BIC are those of gam, given the random effects (Wood, Pya and Säfken 2016).
/// </remarks>
internal sealed class MixedGamStatistics : IGamStatistics
{
    /// <summary>
    /// lme4's bound of θ, the standard deviation over that of residuals, below which a fit is singular; of slopes, at the root mean square
    /// of the covariate. The variance is stored as 0 there: the search ends at a small number where the criterion's limit is 0.
    /// </summary>
    private const double SingularTheta = 1e-4;

    private readonly MixedGamColumn[] _columns;
    private readonly GamStatistics _gam;
    private readonly RandomGroups _random;
    private readonly int _firstRandom;
    private readonly int[] _effects; // per term
    private readonly double[][] _standardised; // per term, the factor of the covariance of its effects relative to that of residuals
    private readonly double[][] _typed; // the same in the units of the covariates as typed
    private bool _isSingular;

    /// <summary>What depends on rows only, for as long as the gam engine keeps their model.</summary>
    private readonly ConditionalWeakTable<RowsModel, OfRows> _ofRows = [];
    private OfRows? _rows;

    /// <summary>A workspace.</summary>
    public MixedGamStatistics(MixedGamColumns columns, ModelSpec spec, GamModel model, RandomGroups random, IReadOnlyList<Hypothesis> tests)
    {
        _columns = [.. columns.Partial];
        _gam = new([], model.Smooths.Count, model.PValues, tests, model.Design.ColumnNames.Count, spec.Mixed?.ConfLevel ?? double.NaN);
        (_random, _firstRandom) = (random, model.Smooths.Count - random.Effects);
        _effects = [.. random.Terms.Select(term => term.Effects.Count)];
        _standardised = [.. _effects.Select(count => new double[count * count])];
        _typed = [.. _standardised.Select(factor => new double[factor.Length])];
    }

    /// <inheritdoc/>
    public void Write(IRowsFit fit, in ResultBlock results, int element)
    {
        if (!_ofRows.TryGetValue(fit.Model, out _rows))
            _ofRows.Add(fit.Model, _rows = CreateOfRows(fit.Model));
        _gam.Take(fit);
        _isSingular = false;
        for (var t = 0; t < _typed.Length; t++)
            _isSingular |= PrepareTerm(t, fit);
        for (var c = 0; c < _columns.Length; c++)
            results[c, element] = ValueOf(_columns[c], fit);
    }

    /// <summary>Sets the factor of a term; returns whether it is singular.</summary>
    private bool PrepareTerm(int term, IRowsFit fit)
    {
        var random = fit.Fit.Design.Random;
        if (random.Count > 0)
            return fit.Fit.CopyRandomFactor(_rows!.Blocks[term], SingularTheta, _standardised[term], _typed[term]);
        var ratio = fit.Fit.RandomVariance(_firstRandom + term) / fit.Fit.Scale;
        var isSingular = ratio * _rows!.Variance.MeanSquare(term) < SingularTheta * SingularTheta;
        _standardised[term][0] = _typed[term][0] = isSingular ? 0 : Math.Sqrt(ratio);
        return isSingular;
    }

    private OfRows CreateOfRows(RowsModel model)
    {
        int[] rows = model.RootWeights is { } roots ? [.. model.Rows.Where((_, i) => roots[i] > 0)] : model.Rows;
        var (first, random) = (_firstRandom, model.Designs[0].Random.ToList());
        var blocks = new List<int>();
        foreach (var count in _effects)
        {
            blocks.Add(random.FindIndex(block => block.Smooths[0] == first));
            first += count;
        }
        return new(
            new(model, _firstRandom, _effects),
            [.. _random.Factors.Select(factor => RandomGroups.Levels(factor, rows))],
            [.. blocks]
        );
    }

    private double ValueOf(in MixedGamColumn column, IRowsFit fit) =>
        column.Subject switch
        {
            MixedGamSubject.Gam => _gam.ValueOf(column.Gam, fit),
            MixedGamSubject.Effect => CohensD(column, fit),
            MixedGamSubject.Random when column.Statistic == MixedColumns.GroupCount => _rows!.Groups[column.Index],
            MixedGamSubject.Random => OfRandom(column, Math.Sqrt(fit.Fit.Scale)),
            MixedGamSubject.Residual => Math.Sqrt(fit.Fit.Scale),
            _ => OfModel(column.Statistic, fit),
        };

    /// <summary>A standard deviation, or where the effects differ a correlation; NaN where a variance is 0.</summary>
    private double OfRandom(in MixedGamColumn column, double sigma)
    {
        var effects = _effects[column.Index];
        ReadOnlySpan<double> a = _typed[column.Index].AsSpan(column.First * effects, effects),
            b = _typed[column.Index].AsSpan(column.Second * effects, effects);
        var (one, other) = (Math.Sqrt(FixedOrder.Dot(a, a)), Math.Sqrt(FixedOrder.Dot(b, b)));
        return column.First == column.Second ? sigma * one : Math.Clamp(FixedOrder.Dot(a, b) / (one * other), -1, 1);
    }

    /// <summary>The estimate over the root of the sum of all variances; NaN for a coefficient that was dropped.</summary>
    private double CohensD(in MixedGamColumn column, IRowsFit fit) =>
        _gam.ValueOf(column.Gam with { Statistic = "std.error" }, fit) > 0
            ? _gam.ValueOf(column.Gam with { Statistic = "estimate" }, fit) / Math.Sqrt((1 + Between()) * fit.Fit.Scale)
            : double.NaN;

    private double OfModel(string statistic, IRowsFit fit)
    {
        switch (statistic)
        {
            case "REMLcrit" or "MLcrit":
                return 2 * fit.Criterion;
            case "singular":
                return _isSingular ? 1 : 0;
        }
        var (between, explained) = (Between(), _rows!.Variance.OfPredictions(fit.Fit.Coefficients) / fit.Fit.Scale);
        return statistic switch
        {
            "icc" => between / (between + 1),
            "r2.marginal" => explained / (explained + between + 1),
            "r2.conditional" => (explained + between) / (explained + between + 1),
            _ => throw new ArgumentException($"gamm has no statistic '{statistic}' of the model.", nameof(statistic)),
        };
    }

    /// <summary>The variance of all random terms, averaged over rows, relative to that of residuals.</summary>
    private double Between()
    {
        var sum = 0.0;
        for (var t = 0; t < _standardised.Length; t++)
            sum += _rows!.Variance.OfTerm(t, _standardised[t]);
        return sum;
    }

    /// <summary>What depends on rows only.</summary>
    /// <param name="Variance">The variances of predictions.</param>
    /// <param name="Groups">The number of groups of each random term.</param>
    /// <param name="Blocks">The place of each random term among those of a design with correlated effects.</param>
    private sealed record OfRows(PopulationVariance Variance, int[] Groups, int[] Blocks);
}
