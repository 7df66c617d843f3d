using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// Fits one element after the other on a design, and holds the last element's results until the next. The workspace of one thread:
/// allocates when it is made, not when it fits. What is not asked for is not computed: p-values, variances and AIC cost the most.
/// </summary>
/// <remarks>
/// An element enters by its projections on <see cref="GamDesign.Projector"/> and what they leave. How a tile is fitted:
/// <code>
/// kernel.Project(tile, design.Projector, design.Dimension, projections);
/// kernel.SumResidualSquares(tile, design.Projector, design.Dimension, projections, residualSquares);
/// for each lane: if (fit.Fit(the lane's projections, residualSquares[lane])) … fit.Coefficients, fit.TermEdf(0), fit.Test(0) …
/// </code>
/// with the tile's values √w (y - offset) on the design's rows.
/// </remarks>
internal sealed class ElementFit(GamDesign design)
{
    private readonly GamFitter fitter = new(design);
    private readonly double[] fitted = new double[design.Dimension];
    private GamFit? fit;

    /// <summary>The design.</summary>
    public GamDesign Design { get; } = design;

    /// <summary>β: parametric columns, then smooths in their places; NaN for a column that was dropped as collinear.</summary>
    public ReadOnlySpan<double> Coefficients => Last.Coefficients;

    /// <summary>λ by penalty.</summary>
    public ReadOnlySpan<double> SmoothingParameters => Last.SmoothingParameters;

    /// <summary>The criterion, as mgcv prints it.</summary>
    public double Criterion => Last.Criterion;

    /// <summary>σ²: <see cref="Deviance"/> over <see cref="ResidualDegrees"/>.</summary>
    public double Scale => Last.Scale;

    /// <summary>Σ w (y - μ)².</summary>
    public double Deviance => Last.Deviance;

    /// <summary>Σ edf over all coefficients.</summary>
    public double Degrees => Last.Degrees;

    /// <summary>Rows minus <see cref="Degrees"/>.</summary>
    public double ResidualDegrees => Last.ResidualDegrees;

    /// <summary>The Gaussian log likelihood at the maximum likelihood scale.</summary>
    public double LogLikelihood => Last.LogLikelihood;

    /// <summary>The fitted values' coordinates in <see cref="GamDesign.Projector"/>: √w (μ - offset) = Q times these.</summary>
    public ReadOnlySpan<double> Fitted => fitted;

    private GamFit Last => fit ?? throw new InvalidOperationException("No element is fitted: ask for results after Fit returned true.");

    /// <summary>Fits an element.</summary>
    /// <param name="projections">Qᵀ √w (y - offset): <see cref="GamDesign.Dimension"/> values, finite.</param>
    /// <param name="residualSquares">The squares left: Σ (√w (y - offset) - Q projections)².</param>
    /// <returns>False where the smoothing parameters did not converge or the criterion is not defined; there are no results then.</returns>
    public bool Fit(ReadOnlySpan<double> projections, double residualSquares)
    {
        fit = fitter.FitProjected(projections, residualSquares);
        if (fit is null) return false;
        fitted.AsSpan().Clear();
        for (var i = 0; i < fitted.Length; i++)
            for (var j = i; j < fitted.Length; j++) fitted[i] += Design.Basis.R[i, j] * fit.Coefficients[j];
        return true;
    }

    /// <summary>The effective degrees of freedom of a smooth.</summary>
    public double TermEdf(int smooth) => Sum(Last.Edf, smooth);

    /// <summary>The Bayesian variance of a coefficient: the square of its standard error.</summary>
    public double Variance(int coefficient) => Last.Covariance[coefficient, coefficient];

    /// <summary>Writes the Bayesian covariance <c>(XᵀWX + S)⁻¹ σ²</c>, p × p row-major.</summary>
    public void CopyCovariance(Span<double> covariance) => Last.Covariance.Values.CopyTo(covariance);

    /// <summary>Akaike's criterion; likelihood methods correct the degrees of freedom (Wood, Pya and Säfken 2016).</summary>
    public double Aic() => Last.Aic;

    /// <summary>Schwarz's criterion, with the same degrees of freedom.</summary>
    public double Bic() => Last.Bic;

    /// <summary>The test of a smooth without its p-value.</summary>
    public TermTest Test(int smooth)
    {
        if (Design.Smooths[smooth].Smooth.NullDimension == 0 && Design.Smooths[smooth].Smooth.Penalties.Count > 0)
        {
            var random = fitter.TestRandomEffect(Last, smooth);
            return new TermTest(random.Statistic / random.Rank, random.Rank);
        }
        var test = fitter.Test(Last, smooth);
        return new TermTest(test.Statistic / test.Rank, test.Rank);
    }

    /// <summary>The p-value of a smooth's test, to a relative 1e-6 down to 1e-300.</summary>
    public double PValue(int smooth)
    {
        if (Design.Smooths[smooth].Smooth.NullDimension == 0 && Design.Smooths[smooth].Smooth.Penalties.Count > 0)
        {
            var random = fitter.TestRandomEffect(Last, smooth);
            return WeightedChiSquared.UpperP(random.Statistic, random.Weights, ResidualDegrees);
        }
        var test = fitter.Test(Last, smooth);
        double[] weights = [.. Enumerable.Repeat(1.0, test.UnitWeights), test.FractionalWeights.First, test.FractionalWeights.Second];
        return WeightedChiSquared.UpperP(test.Statistic, weights, ResidualDegrees);
    }

    private double Sum(double[] values, int smooth)
    {
        var place = Design.Smooths[smooth];
        var sum = 0.0;
        for (var i = 0; i < place.Count; i++) sum += values[place.First + i];
        return sum;
    }
}

/// <summary>The test that a smooth is zero, as mgcv's summary prints it.</summary>
/// <param name="Statistic">F: the Wald statistic over <paramref name="ReferenceDegrees"/>.</param>
/// <param name="ReferenceDegrees">Ref.df.</param>
internal readonly record struct TermTest(double Statistic, double ReferenceDegrees);
