using System.Runtime.CompilerServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Mixed;

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
    private readonly double[] _ratios;

    /// <summary>What depends on rows only, for as long as the gam engine keeps their model.</summary>
    private readonly ConditionalWeakTable<RowsModel, OfRows> _ofRows = [];
    private OfRows? _rows;

    /// <summary>A workspace.</summary>
    public MixedGamStatistics(MixedGamColumns columns, ModelSpec spec, GamModel model, RandomGroups random, IReadOnlyList<Hypothesis> tests)
    {
        _columns = [.. columns.Partial];
        _gam = new([], model.Smooths.Count, model.PValues, tests, model.Design.ColumnNames.Count, spec.Mixed?.ConfLevel ?? double.NaN);
        (_random, _firstRandom) = (random, model.Smooths.Count - random.Terms.Count);
        _ratios = new double[random.Terms.Count];
    }

    /// <inheritdoc/>
    public void Write(IRowsFit fit, in ResultBlock results, int element)
    {
        if (!_ofRows.TryGetValue(fit.Model, out _rows))
            _ofRows.Add(fit.Model, _rows = CreateOfRows(fit.Model));
        _gam.Take(fit);
        for (var t = 0; t < _ratios.Length; t++)
        {
            var ratio = fit.Fit.RandomVariance(_firstRandom + t) / fit.Fit.Scale;
            _ratios[t] = ratio * _rows.Variance.MeanSquare(t) < SingularTheta * SingularTheta ? 0 : ratio;
        }
        for (var c = 0; c < _columns.Length; c++)
            results[c, element] = ValueOf(_columns[c], fit);
    }

    private OfRows CreateOfRows(RowsModel model)
    {
        int[] rows = model.RootWeights is { } roots ? [.. model.Rows.Where((_, i) => roots[i] > 0)] : model.Rows;
        return new(new(model, _firstRandom), [.. _random.Factors.Select(factor => RandomGroups.Levels(factor, rows))]);
    }

    private double ValueOf(in MixedGamColumn column, IRowsFit fit) =>
        column.Subject switch
        {
            MixedGamSubject.Gam => _gam.ValueOf(column.Gam, fit),
            MixedGamSubject.Effect => CohensD(column, fit),
            MixedGamSubject.Random when column.Statistic == MixedColumns.GroupCount => _rows!.Groups[column.Index],
            MixedGamSubject.Random => Math.Sqrt(_ratios[column.Index] * fit.Fit.Scale),
            MixedGamSubject.Residual => Math.Sqrt(fit.Fit.Scale),
            _ => OfModel(column.Statistic, fit),
        };

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
                return Array.IndexOf(_ratios, 0) >= 0 ? 1 : 0;
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
        for (var t = 0; t < _ratios.Length; t++)
            sum += _ratios[t] * _rows!.Variance.MeanSquare(t);
        return sum;
    }

    /// <summary>What depends on rows only.</summary>
    /// <param name="Variance">The variances of predictions.</param>
    /// <param name="Groups">The number of groups of each random term.</param>
    private sealed record OfRows(PopulationVariance Variance, int[] Groups);
}
