namespace HpcFit.Worker.Mixed.FixedEffects;

/// <summary>
/// The denominator's degrees of freedom of a mean of squares of independent t with degrees of freedom ν of their own: 2E / (E - q) for q of
/// them, E = Σ ν / (ν - 2) (Fai and Cornelius 1996).
/// </summary>
internal static class DenominatorDegrees
{
    /// <summary>Degrees that differ by less are equal.</summary>
    private const double Equal = 1e-8;

    /// <summary>Degrees of freedom of the mean; NaN if one of them is.</summary>
    /// <param name="degrees">Those of each t.</param>
    public static double Combine(ReadOnlySpan<double> degrees)
    {
        var (sum, mean, isEqual) = (0.0, 0.0, true);
        foreach (var one in degrees)
        {
            if (double.IsNaN(one))
                return double.NaN;
            isEqual &= one == degrees[0] || Math.Abs(one - degrees[0]) < Equal;
            mean += one / degrees.Length;
            sum += one / (one - 2);
        }
        if (isEqual)
            return mean;
        foreach (var one in degrees)
            if (one <= 2)
                return 2;
        return 2 * sum / (sum - degrees.Length);
    }
}
