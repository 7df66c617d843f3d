using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// Corrects p-values for the number of tests, like R's p.adjust: NaN stays NaN and does not count as a test; the order of ties does not
/// matter. Takes n log n time for every method.
/// </summary>
/// <remarks>
/// Bonferroni; Holm 1979; Hochberg 1988; Hommel 1988; Benjamini and Hochberg 1995; Benjamini and Yekutieli 2001. With p(1) ≤ … ≤ p(n):
/// BH min over j ≥ i of n p(j)/j, BY the same times Σ 1/k, Holm max over j ≤ i of (n−j+1) p(j), Hochberg min over j ≥ i of (n−j+1) p(j),
/// each at most 1. Hommel is in <see cref="HommelCorrection"/>.
/// </remarks>
internal static class PValueCorrection
{
    /// <summary>
    /// Writes the corrected <paramref name="pValues"/> to <paramref name="destination"/> (same length; they may be the same memory).
    /// Uses 12 additional bytes per value (28 for Hommel).
    /// </summary>
    public static void Correct(CorrectionMethod method, ReadOnlySpan<double> pValues, Span<double> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, pValues.Length);
        var (sorted, order) = AscendingOrder.Sort(pValues);
        if (pValues != destination)
            pValues.CopyTo(destination);
        switch (method)
        {
            case CorrectionMethod.Bonferroni:
                Scale(sorted, rank => sorted.Length);
                break;
            case CorrectionMethod.BenjaminiHochberg:
                StepUp(sorted, rank => (double)sorted.Length / rank);
                break;
            case CorrectionMethod.BenjaminiYekutieli:
                var harmonic = HarmonicNumber(sorted.Length);
                StepUp(sorted, rank => harmonic * sorted.Length / rank);
                break;
            case CorrectionMethod.Hochberg:
                StepUp(sorted, rank => sorted.Length - rank + 1);
                break;
            case CorrectionMethod.Holm:
                StepDown(sorted, rank => sorted.Length - rank + 1);
                break;
            case CorrectionMethod.Hommel:
                HommelCorrection.Correct(sorted);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(method), method, "unknown correction method");
        }
        for (var i = 0; i < sorted.Length; i++)
            destination[order[i]] = sorted[i];
    }

    private static void Scale(double[] sorted, Func<int, double> factor)
    {
        for (var i = 0; i < sorted.Length; i++)
            sorted[i] = Math.Min(1, factor(i + 1) * sorted[i]);
    }

    private static void StepUp(double[] sorted, Func<int, double> factor)
    {
        var least = 1.0;
        for (var i = sorted.Length - 1; i >= 0; i--)
            sorted[i] = least = Math.Min(least, factor(i + 1) * sorted[i]);
    }

    private static void StepDown(double[] sorted, Func<int, double> factor)
    {
        var most = double.NegativeInfinity;
        for (var i = 0; i < sorted.Length; i++)
            sorted[i] = most = Math.Min(1, Math.Max(most, factor(i + 1) * sorted[i]));
    }

    private static double HarmonicNumber(int n)
    {
        var sum = 0.0;
        for (var k = 1; k <= n; k++)
            sum += 1.0 / k;
        return sum;
    }
}
