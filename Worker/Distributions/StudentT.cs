namespace HpcFit.Worker.Distributions;

/// <summary>
/// Two-sided tail probabilities of Student's t, with R's conventions: 0 for ±∞, NaN for NaN or degrees of freedom not positive.
/// </summary>
internal static class StudentT
{
    /// <summary>P(|T| > |t|).</summary>
    public static double TwoSidedP(double t, double df) => new StudentTTail(df).P(t);

    /// <summary>ln P(|T| > |t|), which does not underflow.</summary>
    public static double TwoSidedLogP(double t, double df) => new StudentTTail(df).LogP(t);

    /// <summary>P(|T| > |t|) of each element, with the bits of the scalar form; <paramref name="p"/> may be <paramref name="t"/>.</summary>
    public static void TwoSidedP(ReadOnlySpan<double> t, double df, Span<double> p) =>
        new StudentTTail(df, FisherFTail.TableFor(t.Length)).P(t, p);

    /// <summary>
    /// ln P(|T| > |t|) of each element, with the bits of the scalar form; <paramref name="logP"/> may be <paramref name="t"/>.
    /// </summary>
    public static void TwoSidedLogP(ReadOnlySpan<double> t, double df, Span<double> logP) =>
        new StudentTTail(df, FisherFTail.TableFor(t.Length)).LogP(t, logP);
}
