using HpcFit.Worker.Families;

namespace HpcFit.Worker.Generalized;

/// <summary>The fit of one element, from which its statistics follow. Valid until the next element is fitted.</summary>
internal interface IFittedElement
{
    /// <summary>The family, with the element's α where it has one.</summary>
    Family Family { get; }

    /// <summary>The columns and their basis.</summary>
    ObservedRows Tables { get; }

    /// <summary>The number of observed rows with a positive weight.</summary>
    int Rows { get; }

    /// <summary>The coordinates of the predictors on the basis.</summary>
    ReadOnlySpan<double> Coordinates { get; }

    /// <summary>The deviance.</summary>
    double Deviance { get; }

    /// <summary>Pearson's Σ w (y − μ)² / V(μ).</summary>
    double PearsonSquares { get; }

    /// <summary>The residual degrees of freedom.</summary>
    int ResidualDegrees => Rows - Tables.Rank;

    /// <summary>Pearson's estimate of the dispersion; NaN without residual degrees of freedom.</summary>
    double Dispersion => ResidualDegrees > 0 ? PearsonSquares / ResidualDegrees : double.NaN;

    /// <summary>θ of negative binomial counts; infinite where they vary no more than Poisson's.</summary>
    double Theta { get; }

    /// <summary>The standard error of θ; NaN where it is infinite.</summary>
    double ThetaStandardError { get; }

    /// <summary>With B'WB = L L', replaces b by L⁻¹ b.</summary>
    void SolveLower(Span<double> values);

    /// <summary>The log-likelihood.</summary>
    double LogLikelihood();

    /// <summary>
    /// The deviance of the model with the intercept alone, or without coefficients where there is no intercept; NaN where it has none.
    /// </summary>
    double NullDeviance();
}
