using HpcFit.Worker.Families;

namespace HpcFit.Worker.Generalized;

/// <summary>
/// The maximum likelihood fit of negative binomial counts: coefficients given θ and θ given the means in turn, until both stay, as
/// <c>glm.nb</c> of package MASS. A workspace of one thread.
/// </summary>
/// <remarks>
/// Lawless (1987), Canadian Journal of Statistics 15, 209-225: coefficients and θ are orthogonal, so that this converges quickly. Where the
/// counts vary no more than Poisson's, the likelihood increases up to θ = ∞, Poisson's fit.
/// </remarks>
/// <param name="family">The family, whose α is estimated.</param>
/// <param name="fit">The fit of the coefficients.</param>
/// <param name="subjects">The maximum number of counts.</param>
internal sealed class NegativeBinomialFit(NegativeBinomialFamily family, IteratedFit fit, int subjects)
{
    private const int MaxTurns = 200;
    private const double Precision = 1e-11;

    private readonly ThetaEstimate _theta = new(subjects);

    /// <summary>θ; infinite where the counts vary no more than Poisson's.</summary>
    public double Theta => 1 / family.Alpha;

    /// <summary>The standard error of θ; NaN where it is infinite.</summary>
    public double ThetaStandardError => family.Alpha > 0 ? _theta.StandardError : double.NaN;

    /// <summary>Fits coefficients and θ.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="counts">One count per row.</param>
    /// <param name="solver">Solves the least squares problems.</param>
    public Convergence Fit(ObservedRows rows, double[] counts, IWeightedSolver solver)
    {
        family.Alpha = 0;
        var ended = fit.Fit(rows, counts, solver);
        if (ended != Convergence.Converged || !VariesMoreThanPoisson(rows, counts, out var alpha))
            return ended;
        var responses = counts.AsSpan(0, rows.Rows);
        var weights = rows.Weight.AsSpan(0, rows.Rows);
        _theta.Prepare(responses, weights);
        for (var turn = 0; turn < MaxTurns; turn++)
        {
            var next = _theta.Maximise(responses, fit.Means, weights, alpha);
            if (double.IsNaN(next))
                return Convergence.Failed;
            var hasChanged = Math.Abs(next - family.Alpha) > Precision * next;
            family.Alpha = alpha = next;
            ended = fit.Continue();
            if (ended != Convergence.Converged || !hasChanged || alpha == 0)
                return ended;
        }
        return Convergence.Failed;
    }

    /// <summary>
    /// Whether the likelihood increases with α from Poisson's fit: Σ w ((y − μ)² − y) is positive (Dean and Lawless 1989, J. Am. Statist.
    /// Assoc. 84, 467-472). A first α follows from the same moments.
    /// </summary>
    private bool VariesMoreThanPoisson(ObservedRows rows, double[] counts, out double alpha)
    {
        double excess = 0,
            squares = 0;
        for (var row = 0; row < rows.Rows; row++)
        {
            var (mean, weight) = (fit.Means[row], rows.Weight[row]);
            excess += weight * (((counts[row] - mean) * (counts[row] - mean)) - counts[row]);
            squares += weight * mean * mean;
        }
        alpha = excess / squares;
        return excess > 0;
    }
}
