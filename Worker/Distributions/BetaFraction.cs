namespace HpcFit.Worker.Distributions;

/// <summary>
/// The continued fraction F of the regularised incomplete beta function, I_x(a, b) = x^a (1 − x)^b / B(a, b) · F, whose coefficients depend
/// only on (a, b), apart from factors of x. It converges fast for x ≤ (a + 1) / (a + b + 2).
/// </summary>
/// <remarks>
/// DiDonato and Morris, "Algorithm 708: Significant digit computation of the incomplete beta function ratios", ACM TOMS 18 (1992), eq. 9.
/// Tabulated coefficients and those computed on the fly use the same expression, so a table affects the speed but no bit.
/// </remarks>
internal readonly partial struct BetaFraction
{
    private const int StepsPerCheck = 4;
    private const int MaxSteps = 200_000;
    private const double Tolerance = 4e-16;

    private readonly double _a;
    private readonly double _b;
    private readonly Step[] _table;

    /// <param name="a">The first parameter, positive.</param>
    /// <param name="b">The second parameter, positive.</param>
    /// <param name="tabulated">The number of steps to tabulate: 0 for a single value.</param>
    public BetaFraction(double a, double b, int tabulated)
    {
        (this._a, this._b) = (a, b);
        _table = tabulated == 0 ? [] : new Step[tabulated];
        for (var n = 0; n < tabulated; n++)
            _table[n] = Coefficients(n);
    }

    /// <summary>F at x; NaN if it does not converge, which happens only if both parameters are far above 10^8.</summary>
    /// <param name="x">Between 0 and 1.</param>
    /// <param name="y">1 − x, accurate if it is small.</param>
    /// <param name="lambda">a − (a + b) x, accurate if it is small.</param>
    public double At(double x, double y, double lambda)
    {
        var square = x * x;
        var shift = lambda + 1;
        var growth = 1 + y;
        // Numerators and denominators of successive convergents, kept near 1 by dividing through at each check.
        var (numeratorBefore, numerator) = (0.0, 1.0);
        var first = Coefficients(0);
        var (denominatorBefore, denominator) = (1.0, first.Scale * shift);
        numerator /= denominator;
        denominatorBefore /= denominator;
        denominator = 1;
        var steps = _table.AsSpan();
        for (var n = 1; n < MaxSteps; )
        {
            var before = numerator;
            for (var end = n + StepsPerCheck; n < end; n++)
            {
                var step = n < steps.Length ? steps[n] : Coefficients(n);
                var alpha = step.Square * square;
                var beta = Math.FusedMultiplyAdd(
                    step.Scale,
                    Math.FusedMultiplyAdd(n, growth, shift),
                    Math.FusedMultiplyAdd(step.Linear, x, n)
                );
                (numeratorBefore, numerator) = (numerator, Math.FusedMultiplyAdd(beta, numerator, alpha * numeratorBefore));
                (denominatorBefore, denominator) = (denominator, Math.FusedMultiplyAdd(beta, denominator, alpha * denominatorBefore));
            }
            var inverse = 1 / denominator;
            numerator *= inverse;
            numeratorBefore *= inverse;
            denominatorBefore *= inverse;
            denominator = 1;
            if (Math.Abs(numerator - before) <= Tolerance * numerator)
                return numerator;
        }
        return double.NaN;
    }

    private Step Coefficients(int n)
    {
        var odd = _a + 2.0 * n - 1;
        var scale = (_a + n) / (_a + 2.0 * n + 1);
        if (n == 0)
            return new Step(0, 0, scale);
        var linear = n * (_b - n) / odd;
        return new Step((_a + n - 1) / odd * ((_a + _b + n - 1) / odd) * n * (_b - n), linear, scale);
    }

    /// <summary>α = Square · x², β = n + Linear · x + Scale · (λ + 1 + n (1 + y)).</summary>
    private readonly record struct Step(double Square, double Linear, double Scale);
}
