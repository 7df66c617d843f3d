namespace HpcFit.Worker.Families;

/// <summary>
/// Keeps probabilities away from 0 and 1 by one unit in the last place of 1, as R does, so that weights and logarithms stay finite.
/// </summary>
internal static class ProbabilityRange
{
    /// <summary>The smallest distance from 0 and 1, and the smallest slope: 2^-52.</summary>
    public const double Margin = 2.220446049250313e-16;

    /// <summary>The nearest probability within the range, and a slope of at least <see cref="Margin"/>.</summary>
    public static (double Mean, double Slope) Bound(double mean, double slope) =>
        (Math.Min(Math.Max(mean, Margin), 1 - Margin), Math.Max(slope, Margin));
}
