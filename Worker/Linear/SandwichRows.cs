using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Linear;

/// <summary>
/// Heteroscedasticity-consistent covariances of combinations w'u of the projections u = Q'y: Σ r² f(h) (q'w)(q'v) over the rows q of Q,
/// with weighted residuals r, leverages h = q'q and the factor f of the estimator.
/// </summary>
/// <remarks>
/// HC0: f = 1; HC1: n / (n - k); HC2: 1 / (1 - h); HC3: 1 / (1 - h)²; HC4: 1 / (1 - h)^δ, δ = min(4, n h / k) (MacKinnon and White 1985;
/// Cribari-Neto 2004; package sandwich).
/// </remarks>
internal static class SandwichRows
{
    /// <summary>The factor of a row.</summary>
    /// <param name="estimator"><c>HC0</c> to <c>HC4</c>.</param>
    /// <param name="leverage">h.</param>
    /// <param name="rows">n.</param>
    /// <param name="rank">k.</param>
    public static double Factor(string estimator, double leverage, int rows, int rank) =>
        estimator switch
        {
            "HC0" => 1,
            "HC1" => rows / (double)(rows - rank),
            "HC2" => 1 / (1 - leverage),
            "HC3" => 1 / ((1 - leverage) * (1 - leverage)),
            "HC4" => 1 / ReproducibleMath.Pow(1 - leverage, Math.Min(4, rows * leverage / rank)),
            _ => throw new ArgumentException($"There is no estimator '{estimator}'.", nameof(estimator)),
        };
}
