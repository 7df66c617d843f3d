namespace HpcFit.Worker.Distributions;

/// <summary>
/// The upper tail of Fisher's F with fixed degrees of freedom: what depends only on them is computed once. A value depends only on the
/// statistic and the degrees of freedom, not on which overload computes it. NaN yields NaN; degrees of freedom that are not positive yield
/// NaN.
/// </summary>
/// <remarks>
/// P(F > f) = I_x(d2/2, d1/2), x = d2 / (d2 + d1 f). With x0 = a / (a + b), λ = a − (a + b) x and φ(e) = e − ln(1 + e) ≥ 0, the leading
/// factor is x^a y^b / B(a, b) = √(a b / (2π (a + b))) e^(−Δ(a) − Δ(b) + Δ(a + b)) e^(−a φ(−λ/a) − b φ(λ/b)): no large terms cancel
/// (DiDonato and Morris 1992, section 3). λ is taken from f − 1 directly, so it keeps its digits near the middle of the distribution.
/// </remarks>
internal readonly partial struct FisherFTail
{
    private const double LogSqrtTwoPi = 0.9189385332046728;

    /// <summary>Infinite degrees of freedom are replaced by this value: in double precision no finite statistic distinguishes
    /// them.</summary>
    private const double Unbounded = 1e30;

    private readonly double _d1;
    private readonly double _d2;
    private readonly double _logScale;
    private readonly double _swapBelow;
    private readonly BetaFraction _upper;
    private readonly BetaFraction _lower;

    /// <param name="d1">Degrees of freedom of the numerator.</param>
    /// <param name="d2">Degrees of freedom of the denominator.</param>
    /// <param name="tabulated">Steps of the continued fraction to tabulate: 0 for one value, more for many.</param>
    public FisherFTail(double d1, double d2, int tabulated = 0)
    {
        this._d1 = d1 > 0 ? Math.Min(d1, Unbounded) : double.NaN;
        this._d2 = d2 > 0 ? Math.Min(d2, Unbounded) : double.NaN;
        var (a, b) = (this._d2 / 2, this._d1 / 2);
        var correction =
            ReproducibleMath.StirlingCorrection(a) + ReproducibleMath.StirlingCorrection(b) - ReproducibleMath.StirlingCorrection(a + b);
        _logScale = 0.5 * ReproducibleMath.Log(a / (a + b) * b) - LogSqrtTwoPi - correction;
        _swapBelow = (a - b) / (a + b + 2);
        _upper = new BetaFraction(a, b, tabulated);
        _lower = new BetaFraction(b, a, tabulated);
    }

    /// <summary>P(F > f): 1 at and below 0, 0 at +∞.</summary>
    public double P(double f) => P(f, f - 1);

    /// <summary>ln P(F > f), without underflow; −∞ only at +∞.</summary>
    public double LogP(double f) => LogP(f, f - 1);

    /// <summary>
    /// P(F > f) of each value, in the widest registers of this machine; <paramref name="p"/> may be <paramref name="f"/>.
    /// </summary>
    public void P(ReadOnlySpan<double> f, Span<double> p) => PInLanes(f, p, isRoot: false);

    /// <inheritdoc cref="LogP(double)"/>
    public void LogP(ReadOnlySpan<double> f, Span<double> logP)
    {
        for (var i = 0; i < f.Length; i++)
            logP[i] = LogP(f[i]);
    }

    /// <summary>The number of steps worth tabulating for a number of values: most values need fewer than 48.</summary>
    internal static int TableFor(int values) => values < 8 ? 0 : 48;

    /// <param name="f">The statistic.</param>
    /// <param name="excess">f − 1, which a caller may know to more digits.</param>
    internal double P(double f, double excess)
    {
        if (AtEdge(f, out var edge))
            return edge;
        var (log, fraction, isLower) = Parts(f, excess);
        if (isLower)
            return 1 - ReproducibleMath.Exp(log) * fraction;
        return log < SmallestFactor ? ReproducibleMath.Exp(log + ReproducibleMath.Log(fraction)) : ReproducibleMath.Exp(log) * fraction;
    }

    /// <inheritdoc cref="P(double, double)"/>
    internal double LogP(double f, double excess)
    {
        if (AtEdge(f, out var edge))
            return ReproducibleMath.Log(edge);
        var (log, fraction, isLower) = Parts(f, excess);
        return isLower ? ReproducibleMath.Log1p(-(ReproducibleMath.Exp(log) * fraction)) : log + ReproducibleMath.Log(fraction);
    }

    private bool AtEdge(double f, out double p)
    {
        p =
            double.IsNaN(f) || double.IsNaN(_d1) || double.IsNaN(_d2) ? double.NaN
            : f <= 0 ? 1
            : 0;
        return !(f > 0) || double.IsPositiveInfinity(f) || double.IsNaN(p);
    }

    /// <summary>
    /// The logarithm of the leading factor and the continued fraction, of the upper tail or, if that converges slowly, of the lower.
    /// </summary>
    private (double Log, double Fraction, bool IsLower) Parts(double f, double excess)
    {
        var (a, b) = (_d2 / 2, _d1 / 2);
        // x and y from f / d2 and its inverse: the products would overflow for the largest statistics.
        var ratio = _d1 / _d2 * f;
        var x = 1 / (1 + ratio);
        var y = ratio < 1 ? ratio * x : 1 / (1 + 1 / ratio);
        // −λ/a and λ/b are the relative differences of x from x0 and of y from y0.
        var deviation = double.IsInfinity(ratio) ? 1 : _d1 / _d2 * excess * x;
        var lambda = a * deviation;
        var log = _logScale - a * DivergenceOfX(-deviation, ratio, f) - b * DivergenceOfY(_d2 / _d1 * deviation, ratio, f);
        return lambda < _swapBelow ? (log, _lower.At(y, x, -lambda), true) : (log, _upper.At(x, y, lambda), false);
    }

    /// <summary>φ(e) with 1 + e = x/x0.</summary>
    private double DivergenceOfX(double e, double ratio, double f) =>
        IsSmall(e) ? ReproducibleMath.LogDivergence(e) : e - LogXOverX0(ratio, f);

    /// <summary>φ(e) with 1 + e = y/y0 = f · x/x0, which near 0 is known to more digits from f.</summary>
    private double DivergenceOfY(double e, double ratio, double f) =>
        IsSmall(e)
            ? ReproducibleMath.LogDivergence(e)
            : e - (e > 0 ? ReproducibleMath.Log1p(e) : ReproducibleMath.Log(f) + LogXOverX0(ratio, f));

    private double LogXOverX0(double ratio, double f)
    {
        var logX = double.IsInfinity(ratio) ? -(ReproducibleMath.Log(_d1 / _d2) + ReproducibleMath.Log(f)) : -ReproducibleMath.Log1p(ratio);
        return ReproducibleMath.Log1p(_d1 / _d2) + logX;
    }

    private static bool IsSmall(double e) => e is > -0.4 and < 0.6;
}
