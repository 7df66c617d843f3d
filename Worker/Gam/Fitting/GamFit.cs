using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>One element's fit: coefficients, covariance, degrees of freedom and the model's statistics.</summary>
internal sealed record GamFit
{
    /// <summary>The criterion, as mgcv prints it.</summary>
    public required double Criterion { get; init; }

    /// <summary>Smoothing parameters.</summary>
    public required double[] SmoothingParameters { get; init; }

    /// <summary>β.</summary>
    public required double[] Coefficients { get; init; }

    /// <summary>The Bayesian covariance <c>(XᵀX + S)⁻¹ σ²</c>.</summary>
    public required DenseMatrix Covariance { get; init; }

    /// <summary>Effective degrees of freedom by coefficient.</summary>
    public required double[] Edf { get; init; }

    /// <summary>The alternative <c>2 tr F - tr F F</c> by coefficient: the reference degrees of freedom of tests.</summary>
    public required double[] Edf1 { get; init; }

    /// <summary>Corrected for the uncertainty of smoothing parameters; null for GCV and GACV.</summary>
    public required double? CorrectedEdf { get; init; }

    /// <summary>σ²: residual sum of squares over residual degrees of freedom.</summary>
    public required double Scale { get; init; }

    /// <summary>The weighted residual sum of squares.</summary>
    public required double Deviance { get; init; }

    /// <summary>Rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Σ log w.</summary>
    public required double LogWeights { get; init; }

    /// <summary>Σ edf.</summary>
    public double Degrees => Edf.Sum();

    /// <summary>Rows minus Σ edf.</summary>
    public double ResidualDegrees => Rows - Degrees;

    /// <summary>The Gaussian log likelihood at the maximum likelihood scale.</summary>
    public double LogLikelihood => -Rows / 2.0 * (ReproducibleMath.Log(2 * Math.PI * Deviance / Rows) + 1) + LogWeights / 2;

    private double LikelihoodDegrees => (CorrectedEdf ?? Degrees) + 1;

    /// <summary>Akaike's criterion with the corrected degrees of freedom (Wood, Pya and Säfken 2016).</summary>
    public double Aic => -2 * LogLikelihood + 2 * LikelihoodDegrees;

    /// <summary>Schwarz's criterion with the corrected degrees of freedom.</summary>
    public double Bic => -2 * LogLikelihood + ReproducibleMath.Log(Rows) * LikelihoodDegrees;
}
