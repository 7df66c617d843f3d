using HpcFit.Shared.Elements;
using HpcFit.Worker.Gam.Fitting;

namespace HpcFit.Worker.Gam.Rows;

/// <summary>
/// Fits elements with the same rows, one after the other, and holds the last one's results. Workspaces; not thread-safe. The columns of a
/// gam are computed from it, whatever the family.
/// </summary>
internal interface IRowsFit
{
    /// <summary>The model.</summary>
    RowsModel Model { get; }

    /// <summary>
    /// Coefficients, covariances, degrees of freedom and tests of the last element. For a family other than the normal one it is the
    /// working problem at the optimum, whose deviance and criterion are not those of the model.
    /// </summary>
    ElementFit Fit { get; }

    /// <summary>Whether the full model has a fit; a reduced one alone may have failed.</summary>
    bool HasFit { get; }

    /// <summary>
    /// Whether the response taken last is constant, so that nothing can be estimated. Constant counts above 0 can be fitted.
    /// </summary>
    bool IsConstant { get; }

    /// <summary>The deviance.</summary>
    double Deviance { get; }

    /// <summary>The deviance of the model of a constant, or its counterpart without an intercept.</summary>
    double NullDeviance { get; }

    /// <summary>θ of a negative binomial distribution; NaN for other families.</summary>
    double Theta { get; }

    /// <summary>The criterion, as mgcv prints it.</summary>
    double Criterion { get; }

    /// <summary>The log-likelihood; NaN if there is none.</summary>
    double LogLikelihood { get; }

    /// <summary>Akaike's criterion.</summary>
    double Aic { get; }

    /// <summary>Schwarz's criterion.</summary>
    double Bic { get; }

    /// <summary>Takes one element's response.</summary>
    /// <param name="transformed">The response, one value per subject of the cohort.</param>
    /// <returns>Whether the response can be fitted.</returns>
    ElementStatus Take(ReadOnlySpan<double> transformed);

    /// <summary>Fits the element taken last.</summary>
    ElementStatus Solve();

    /// <summary>Whether a reduced model converged as well.</summary>
    bool HasReduced(int reduced);

    /// <summary>The adjusted R².</summary>
    /// <param name="design">0 for the model, otherwise one more than a reduced model's index.</param>
    double AdjustedRSquared(int design);

    /// <summary>The fraction of the reduced model's residual sum of squares, unweighted, that the term explains.</summary>
    double PartialRSquared(int reduced);
}
