namespace HpcFit.Worker.Distributions;

/// <summary>
/// The two-sided tail of Student's t with fixed degrees of freedom: T² is F with 1 and df. NaN yields NaN; degrees of freedom that are not
/// positive yield NaN.
/// </summary>
/// <param name="df">Degrees of freedom, not necessarily whole.</param>
/// <param name="tabulated">Steps of the continued fraction to tabulate: 0 for one value, more for many.</param>
internal readonly struct StudentTTail(double df, int tabulated = 0)
{
    private readonly FisherFTail _squared = new(1, df, tabulated);

    /// <summary>P(|T| > |t|): 1 at 0, 0 at ±∞.</summary>
    public double P(double t) => _squared.P(Square(t), Excess(t));

    /// <summary>ln P(|T| > |t|), without underflow; −∞ only at ±∞.</summary>
    public double LogP(double t) => _squared.LogP(Square(t), Excess(t));

    /// <summary>
    /// P(|T| > |t|) of each value, in the widest registers of this machine; <paramref name="p"/> may be <paramref name="t"/>.
    /// </summary>
    public void P(ReadOnlySpan<double> t, Span<double> p) => _squared.PInLanes(t, p, isRoot: true);

    /// <inheritdoc cref="LogP(double)"/>
    public void LogP(ReadOnlySpan<double> t, Span<double> logP)
    {
        for (var i = 0; i < t.Length; i++)
            logP[i] = LogP(t[i]);
    }

    /// <summary>t², finite for every finite t: beyond 1e150 only probabilities with df below 2 exceed 1e-300.</summary>
    internal static double Square(double t) => double.IsInfinity(t) ? double.PositiveInfinity : Math.Min(t * t, double.MaxValue);

    /// <summary>t² − 1 without cancellation near 1.</summary>
    internal static double Excess(double t) => Math.Min((t - 1) * (t + 1), double.MaxValue);
}
