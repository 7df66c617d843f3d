namespace HpcFit.Worker.Distributions;

/// <summary>
/// Upper tail probabilities of Fisher's F, with R's conventions: 1 for f ≤ 0, 0 for +∞, NaN for NaN or degrees of freedom not positive.
/// </summary>
internal static class FisherF
{
    /// <summary>P(F > f).</summary>
    public static double UpperP(double f, double d1, double d2) => new FisherFTail(d1, d2).P(f);

    /// <summary>ln P(F > f), which does not underflow.</summary>
    public static double UpperLogP(double f, double d1, double d2) => new FisherFTail(d1, d2).LogP(f);

    /// <summary>P(F > f) of each element, with the bits of the scalar form; <paramref name="p"/> may be <paramref name="f"/>.</summary>
    public static void UpperP(ReadOnlySpan<double> f, double d1, double d2, Span<double> p) =>
        new FisherFTail(d1, d2, FisherFTail.TableFor(f.Length)).P(f, p);
}
