using HpcFit.Shared.Elements;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Fitting;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Gam.Testing;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>Computes gam's result columns from an element's fit. A workspace; not thread-safe.</summary>
/// <remarks>
/// As in mgcv's summary: parametric coefficients by t with the residual degrees of freedom, or by z for a known scale; a coefficient that
/// was dropped as collinear is 0 with standard error 0 and no test. The deviance explained and both reduced-model measures are NaN or
/// infinite if their denominator is 0.
/// </remarks>
/// <param name="columns">The columns.</param>
/// <param name="smooths">The number of smooths in the model.</param>
/// <param name="evaluation">How the smooths' p-values are evaluated.</param>
/// <param name="hypotheses">Contrasts and F tests.</param>
/// <param name="parametric">The number of parametric coefficients.</param>
/// <param name="level">The coverage of confidence limits; NaN: there are none.</param>
internal sealed class GamStatistics(
    IReadOnlyList<GamColumn> columns,
    int smooths,
    SmoothPValues evaluation,
    IReadOnlyList<Hypothesis> hypotheses,
    int parametric,
    double level
) : IGamStatistics
{
    private readonly GamColumn[] _columns = [.. columns];
    private readonly double[] _pValues = new double[smooths];
    private readonly TermTest[] _tests = new TermTest[smooths];
    private readonly WaldTest[] _hypotheses = [.. hypotheses.Select(one => new WaldTest(one))];
    private readonly ParametricEffects _effects = new(level);
    private readonly double[] _covariance = new double[hypotheses.Count > 0 ? parametric * parametric : 0];

    /// <inheritdoc/>
    public void Write(IRowsFit fit, in ResultBlock results, int element)
    {
        Take(fit);
        for (var c = 0; c < _columns.Length; c++)
            results[c, element] = ValueOf(_columns[c], fit);
    }

    /// <summary>Prepares the values of a fit.</summary>
    public void Take(IRowsFit fit)
    {
        Array.Fill(_pValues, -1);
        Array.Fill(_tests, new(0, -1));
        if (_hypotheses.Length > 0)
            fit.Fit.CopyCovariance(_covariance, parametric);
        foreach (var hypothesis in _hypotheses)
            hypothesis.Run(fit.Fit.Coefficients, _covariance, parametric);
    }

    /// <summary>A column's value of the fit that was taken last.</summary>
    public double ValueOf(in GamColumn column, IRowsFit fit) =>
        column.Subject switch
        {
            GamSubject.Smooth => OfSmooth(column, fit.Fit),
            GamSubject.Parametric => OfParametric(column, fit.Fit),
            GamSubject.Model => OfModel(column.Statistic, fit),
            GamSubject.Hypothesis => OfHypothesis(column, fit.Fit),
            _ => OfReduced(column, fit),
        };

    private double OfSmooth(in GamColumn column, ElementFit fit)
    {
        var smooth = column.Index;
        if (column.Statistic == "edf")
            return fit.TermEdf(smooth);
        if (column.Statistic == "p.value")
        {
            if (_pValues[smooth] == -1)
                _pValues[smooth] = fit.PValue(smooth, evaluation);
            return column.NegativeLog10 ? -ReproducibleMath.Log(_pValues[smooth]) / ReproducibleMath.LnTen : _pValues[smooth];
        }
        if (_tests[smooth].ReferenceDegrees == -1)
            _tests[smooth] = fit.Test(smooth);
        return column.Statistic == "ref.df" ? _tests[smooth].ReferenceDegrees : _tests[smooth].Statistic;
    }

    private double OfParametric(in GamColumn column, ElementFit fit)
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
        if (column.Statistic != "p.value")
            return _effects.Value(column.Statistic, estimate, error, fit.ScaleDegrees, Math.Sqrt(fit.Scale));
        return column.NegativeLog10
            ? -StudentT.TwoSidedLogP(t, fit.ScaleDegrees) / ReproducibleMath.LnTen
            : StudentT.TwoSidedP(t, fit.ScaleDegrees);
    }

    /// <summary>
    /// As mgcv's <c>anova</c> of a gam: with the Bayesian covariance, t and F with the residual degrees of freedom; z and chi-square for a
    /// known scale. NaN for combinations of dropped coefficients.
    /// </summary>
    private double OfHypothesis(in GamColumn column, ElementFit fit)
    {
        var test = _hypotheses[column.Index];
        var (degrees, residual) = (test.Degrees, fit.ScaleDegrees);
        var (t, f) = (test.Estimate / test.StandardError, test.Squares / degrees);
        return column.Statistic switch
        {
            "estimate" => test.Estimate,
            "std.error" => test.StandardError,
            "statistic" => t,
            "p.value" => column.NegativeLog10
                ? -StudentT.TwoSidedLogP(t, residual) / ReproducibleMath.LnTen
                : StudentT.TwoSidedP(t, residual),
            "F.statistic" => degrees > 0 ? f : double.NaN,
            "F.df1" => degrees > 0 ? degrees : double.NaN,
            "F.df2" => residual,
            "Chisq.statistic" => degrees > 0 ? test.Squares : double.NaN,
            "Chisq.df" => degrees > 0 ? degrees : double.NaN,
            "F.p.value" or "Chisq.p.value" => degrees == 0 ? double.NaN
            : column.NegativeLog10 ? -FisherF.UpperLogP(f, degrees, residual) / ReproducibleMath.LnTen
            : FisherF.UpperP(f, degrees, residual),
            ['F', '.', .. var size] => degrees > 0 ? TestEffectSize.Value(size, test.Squares, residual, 1) : double.NaN,
            var size => _effects.Value(size, test.Estimate, test.StandardError, residual, Math.Sqrt(fit.Scale)),
        };
    }

    private static double OfModel(string statistic, IRowsFit fit) =>
        statistic switch
        {
            "adj.r.squared" => fit.AdjustedRSquared(0),
            "dev.expl" => ExplainedDeviance(fit),
            "sp.criterion" => fit.Criterion,
            "scale" => fit.Fit.Scale,
            "df" => fit.Fit.Degrees,
            "logLik" => fit.LogLikelihood,
            "AIC" => fit.Aic,
            "BIC" => fit.Bic,
            "deviance" => fit.Deviance,
            "df.residual" => fit.Fit.ResidualDegrees,
            "null.deviance" => fit.NullDeviance,
            "theta" => fit.Theta,
            "nobs" => fit.Fit.Design.Counted,
            _ => throw new ArgumentException($"gam has no model statistic '{statistic}'.", nameof(statistic)),
        };

    private static double ExplainedDeviance(IRowsFit fit)
    {
        var total = fit.NullDeviance;
        return (total - fit.Deviance) / total;
    }

    private static double OfReduced(in GamColumn column, IRowsFit fit)
    {
        if (!fit.HasReduced(column.Index))
            return double.NaN;
        return column.Statistic == "delta.adj.rsq"
            ? fit.AdjustedRSquared(0) - fit.AdjustedRSquared(column.Index + 1)
            : fit.PartialRSquared(column.Index);
    }
}
