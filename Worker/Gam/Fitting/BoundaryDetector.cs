namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// Detects that a criterion decreases towards a limit at infinity: a penalty has removed all but a trace of its term and the criterion
/// continues to fall like exp(-t) as all such penalties grow by t together. Newton's steps would all be 1 there.
/// </summary>
/// <param name="penalties">The number of penalties, the first coordinates of a point.</param>
internal sealed class BoundaryDetector(int penalties)
{
    /// <summary>Degrees of freedom of a term that its penalty has all but removed.</summary>
    private const double MaxDegrees = 0.02;

    /// <summary>The largest deviation of the second derivative from that of exp(-t), relative to the first.</summary>
    private const double MaxBend = 0.05;

    /// <summary>Whether penalty <paramref name="j"/> has reached this region.</summary>
    /// <param name="j">The penalty.</param>
    /// <param name="rho">The log smoothing parameters of the last evaluation.</param>
    /// <param name="upper">Their upper bounds.</param>
    /// <param name="degrees">Per penalty, the degrees of freedom that it has not yet removed: the change of edf with its log λ.</param>
    /// <param name="gradient">The criterion's gradient there; coordinates beyond the penalties are ignored.</param>
    /// <param name="hessian">Its Hessian, with as many columns as the gradient has entries.</param>
    public bool Holds(
        int j,
        ReadOnlySpan<double> rho,
        ReadOnlySpan<double> upper,
        ReadOnlySpan<double> degrees,
        ReadOnlySpan<double> gradient,
        ReadOnlySpan<double> hessian
    )
    {
        if (j >= penalties || !IsNear(j, rho, upper, degrees, gradient))
            return false;
        var curvature = 0.0;
        for (var k = 0; k < penalties; k++)
            if (IsNear(k, rho, upper, degrees, gradient))
                curvature += hessian[j * gradient.Length + k];
        return Math.Abs(curvature + gradient[j]) <= MaxBend * -gradient[j];
    }

    private static bool IsNear(
        int j,
        ReadOnlySpan<double> rho,
        ReadOnlySpan<double> upper,
        ReadOnlySpan<double> degrees,
        ReadOnlySpan<double> gradient
    ) => gradient[j] < 0 && rho[j] < upper[j] && Math.Abs(degrees[j]) <= MaxDegrees;
}
