using HpcFit.Shared.Specs;
using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Mixed;

/// <summary>Estimates, standard errors and degrees of freedom of an element's fit. A workspace of one thread.</summary>
/// <remarks>
/// Degrees of freedom by Satterthwaite as in Kuznetsova, Brockhoff, Christensen (2017), J. Stat. Softw. 82(13): 2 v² / (g'Ag), v the
/// variance of an estimate, g its gradient in (θ, σ), and A twice the inverse of the Hessian of -2 log L.
/// </remarks>
internal sealed class ElementInference
{
    private readonly MixedSpec _options;
    private readonly double[] _solved;
    private MixedSolution _fit = null!;
    private double _theta;
    private double _hessianTheta;
    private double _hessianBoth;
    private double _hessianSigma;

    public ElementInference(MixedEngine engine)
    {
        _options = engine.Options;
        _solved = new double[engine.Design.ColumnNames.Count];
    }

    /// <summary>Stores everything of an element.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="element">The element's place in the block.</param>
    /// <param name="fits">Receives it.</param>
    public void Store(MixedSolution fit, int element, MixedFits fits)
    {
        Prepare(fit);
        var tables = fit.Tables;
        fits.StoreRows(element, tables);
        (fits.Ratio[element], fits.Variance[element], fits.Criterion[element]) = (fit.Ratio, fit.Variance, fit.Criterion);
        fits.FixedVariance[element] = tables.FittedVariance(fit.Coordinates);
        for (var c = 0; c < fits.Combinations; c++)
            Store(tables.Functional(c), fits, c, element);
    }

    private void Prepare(MixedSolution fit)
    {
        _fit = fit;
        var variance = fit.Variance;
        _theta = Math.Sqrt(fit.Ratio);
        _hessianTheta = (2 * fit.Slope) + (4 * fit.Ratio * fit.Curvature);
        _hessianBoth = -4 * _theta * fit.SquaresSlope / (variance * Math.Sqrt(variance));
        _hessianSigma = 4 * fit.Degrees / variance;
    }

    private void Store(ReadOnlySpan<double> functional, MixedFits fits, int combination, int element)
    {
        if (functional.IsEmpty || double.IsNaN(functional[0]))
            return;
        var rank = _fit.Tables.Rank;
        var solved = _solved.AsSpan(0, rank);
        functional.CopyTo(solved);
        var variance = Cholesky.SolveLower(_fit.Factor, rank, solved);
        Cholesky.SolveUpper(_fit.Factor, rank, solved);
        double estimate = 0,
            slope = 0;
        for (var a = 0; a < rank; a++)
        {
            estimate += functional[a] * _fit.Coordinates[a];
            var product = 0.0;
            for (var b = 0; b < rank; b++)
                product += _fit.InformationSlope[(a * rank) + b] * solved[b];
            slope -= solved[a] * product;
        }
        fits.Estimates(combination)[element] = estimate;
        fits.StandardErrors(combination)[element] = Math.Sqrt(_fit.Variance * variance);
        fits.Degrees(combination)[element] = DegreesOfFreedom(variance, slope);
    }

    private double DegreesOfFreedom(double variance, double slope)
    {
        if (_options.Df == MixedSpec.Residual)
            return _fit.Tables.Rows - _fit.Tables.Rank;
        if (_theta == 0)
            return _fit.Degrees;
        var determinant = (_hessianTheta * _hessianSigma) - (_hessianBoth * _hessianBoth);
        if (!(determinant > 0))
            return double.NaN;
        var residual = _fit.Variance;
        var (byTheta, bySigma) = (2 * _theta * residual * slope, 2 * Math.Sqrt(residual) * variance);
        var quadratic =
            2
            * ((byTheta * byTheta * _hessianSigma) - (2 * byTheta * bySigma * _hessianBoth) + (bySigma * bySigma * _hessianTheta))
            / determinant;
        return 2 * (residual * variance) * (residual * variance) / quadratic;
    }
}
