namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// Tells where a criterion's end is known: a penalty has taken all but a trace of its term away while the criterion goes on falling, like
/// exp(-t) as all such penalties grow by t together. Newton's steps would be 1 each there.
/// </summary>
internal sealed class BoundaryDetector(GamDesign design, SmoothnessCriterion criterion)
{
    /// <summary>How fast edf may still change with log λ of such a penalty.</summary>
    private const double MaxDegrees = 0.02;

    /// <summary>How far the second derivative may be from that of exp(-t), relative to the first.</summary>
    private const double MaxBend = 0.05;

    /// <summary>Whether penalty <paramref name="j"/> is there.</summary>
    /// <param name="j">The penalty.</param>
    /// <param name="rho">Log smoothing parameters: where the criterion was evaluated last.</param>
    /// <param name="gradient">The criterion's gradient there; coordinates beyond the penalties are not looked at.</param>
    /// <param name="hessian">Its Hessian, as wide as the gradient is long.</param>
    public bool Holds(int j, ReadOnlySpan<double> rho, ReadOnlySpan<double> gradient, ReadOnlySpan<double> hessian)
    {
        if (!IsNear(j, rho, gradient))
            return false;
        var curvature = 0.0;
        for (var k = 0; k < design.PenaltyCount; k++)
            if (IsNear(k, rho, gradient))
                curvature += hessian[j * gradient.Length + k];
        return Math.Abs(curvature + gradient[j]) <= MaxBend * -gradient[j];
    }

    private bool IsNear(int j, ReadOnlySpan<double> rho, ReadOnlySpan<double> gradient) =>
        gradient[j] < 0 && rho[j] < design.Search.UpperLogs[j] && Math.Abs(criterion.DegreesGradient[j]) <= MaxDegrees;
}
