using HpcFit.Shared.Elements;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Fitting;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>Computes gam's result columns from an element's fit. A workspace; not thread-safe.</summary>
/// <remarks>
/// As in mgcv's summary: parametric coefficients by t with the residual degrees of freedom; a coefficient that was dropped as collinear is
/// 0 with standard error 0 and no test. The deviance explained and both reduced-model measures are NaN or infinite if their denominator is
/// 0.
/// </remarks>
/// <param name="columns">The columns.</param>
/// <param name="smooths">The number of smooths in the model.</param>
/// <param name="evaluation">How the smooths' p-values are evaluated.</param>
internal sealed class GamStatistics(IReadOnlyList<GamColumn> columns, int smooths, SmoothPValues evaluation)
{
    private const double LnTen = 2.3025850929940456840;

    private readonly GamColumn[] _columns = [.. columns];
    private readonly double[] _pValues = new double[smooths];
    private readonly TermTest[] _tests = new TermTest[smooths];

    /// <summary>Writes all columns of an element.</summary>
    /// <param name="fit">Its fit.</param>
    /// <param name="results">The block's results.</param>
    /// <param name="element">The element's index in the block.</param>
    public void Write(RowsFit fit, in ResultBlock results, int element)
    {
        Array.Fill(_pValues, -1);
        Array.Fill(_tests, new(0, -1));
        for (var c = 0; c < _columns.Length; c++)
        {
            ref readonly var column = ref _columns[c];
            results[c, element] = column.Subject switch
            {
                GamSubject.Smooth => OfSmooth(column, fit.Fit),
                GamSubject.Parametric => OfParametric(column, fit.Fit),
                GamSubject.Model => OfModel(column.Statistic, fit),
                _ => OfReduced(column, fit),
            };
        }
    }

    private double OfSmooth(in GamColumn column, ElementFit fit)
    {
        var smooth = column.Index;
        if (column.Statistic == "edf")
            return fit.TermEdf(smooth);
        if (column.Statistic == "p.value")
        {
            if (_pValues[smooth] == -1)
                _pValues[smooth] = fit.PValue(smooth, evaluation);
            return column.NegativeLog10 ? -ReproducibleMath.Log(_pValues[smooth]) / LnTen : _pValues[smooth];
        }
        if (_tests[smooth].ReferenceDegrees == -1)
            _tests[smooth] = fit.Test(smooth);
        return column.Statistic == "ref.df" ? _tests[smooth].ReferenceDegrees : _tests[smooth].Statistic;
    }

    private static double OfParametric(in GamColumn column, ElementFit fit)
    {
        var estimate = fit.Coefficients[column.Index];
        if (column.Statistic == "estimate")
            return estimate;
        var error = Math.Sqrt(fit.Variance(column.Index));
        if (column.Statistic == "std.error")
            return error;
        var t = estimate / error;
        if (column.Statistic == "statistic")
            return t;
        return column.NegativeLog10 ? -StudentT.TwoSidedLogP(t, fit.ResidualDegrees) / LnTen : StudentT.TwoSidedP(t, fit.ResidualDegrees);
    }

    private static double OfModel(string statistic, RowsFit fit) =>
        statistic switch
        {
            "adj.r.squared" => fit.AdjustedRSquared(0),
            "dev.expl" => (fit.NullDeviance - fit.Fit.Deviance) / fit.NullDeviance,
            "sp.criterion" => fit.Fit.Criterion,
            "scale" => fit.Fit.Scale,
            "df" => fit.Fit.Degrees,
            "logLik" => fit.Fit.LogLikelihood,
            "AIC" => fit.Fit.Aic(),
            "BIC" => fit.Fit.Bic(),
            "deviance" => fit.Fit.Deviance,
            "df.residual" => fit.Fit.ResidualDegrees,
            "nobs" => fit.Fit.Design.Counted,
            _ => throw new ArgumentException($"gam has no model statistic '{statistic}'.", nameof(statistic)),
        };

    private static double OfReduced(in GamColumn column, RowsFit fit)
    {
        if (!fit.HasReduced(column.Index))
            return double.NaN;
        return column.Statistic == "delta.adj.rsq"
            ? fit.AdjustedRSquared(0) - fit.AdjustedRSquared(column.Index + 1)
            : fit.PartialRSquared(column.Index);
    }
}
