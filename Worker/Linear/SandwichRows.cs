using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Linear;

/// <summary>
/// Heteroscedasticity-consistent covariances of combinations w'u of the projections u = Q'y: Σ r² f(h) (q'w)(q'v) over the rows q of Q,
/// with weighted residuals r, leverages h = q'q and the factor f of the estimator.
/// </summary>
/// <remarks>
/// HC0: f = 1; HC1: n / (n - k); HC2: 1 / (1 - h); HC3: 1 / (1 - h)²; HC4: 1 / (1 - h)^δ, δ = min(4, n h / k) (MacKinnon and White 1985;
/// Cribari-Neto 2004; package sandwich). Where h is 1, the fit passes through the row whatever its response: r is 0, and HC2 to
/// HC4 divide 0 by 0.
/// </remarks>
internal static class SandwichRows
{
    /// <summary>
    /// 1 - h up to which h counts as 1. Rounding makes 1 - h some 1e-16 then; a row with a residual has to be 1e5 times as far from the
    /// mean of a predictor as the others to come below this.
    /// </summary>
    private const double NoResidual = 1e-10;

    /// <summary>The factor of a row; NaN for HC2 to HC4 where h is 1.</summary>
    /// <param name="estimator"><c>HC0</c> to <c>HC4</c>.</param>
    /// <param name="leverage">h.</param>
    /// <param name="rows">n.</param>
    /// <param name="rank">k.</param>
    public static double Factor(string estimator, double leverage, int rows, int rank) =>
        estimator switch
        {
            "HC0" => 1,
            "HC1" => rows / (double)(rows - rank),
            "HC2" or "HC3" or "HC4" when 1 - leverage <= NoResidual => double.NaN,
            "HC2" => 1 / (1 - leverage),
            "HC3" => 1 / ((1 - leverage) * (1 - leverage)),
            "HC4" => 1 / ReproducibleMath.Pow(1 - leverage, Math.Min(4, rows * leverage / rank)),
            _ => throw new ArgumentException($"There is no estimator '{estimator}'.", nameof(estimator)),
        };
}
