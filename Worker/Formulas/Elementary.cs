namespace HpcFit.Worker.Formulas;

/// <summary>The elementary functions of formulas, in one place because their last bit must be the same on every node.</summary>
/// <remarks>
/// sqrt and whole powers are exact or plain multiplications everywhere. The others are the platform's, whose last bit may differ between
/// CPUs and versions of glibc: a formula that uses them is reproducible on like machines only.
/// </remarks>
internal static class Elementary
{
    public static double Log(double x) => Math.Log(x);

    public static double Log1p(double x) => double.LogP1(x);

    public static double Log2(double x) => Math.Log2(x);

    public static double Log10(double x) => Math.Log10(x);

    public static double Exp(double x) => Math.Exp(x);

    public static double Expm1(double x) => double.ExpM1(x);

    /// <summary>x^y: whole powers up to 64 by repeated squaring (a square is exactly x * x, as in R), others by the power function.</summary>
    public static double Power(double x, double y)
    {
        if (x == 1 || y == 0) return 1;
        if (y == 0.5) return Math.Sqrt(x);
        if (y != Math.Floor(y) || Math.Abs(y) > 64) return Math.Pow(x, y);
        var (result, square) = (1.0, x);
        for (var n = (int)Math.Abs(y); n > 0; n >>= 1, square *= square)
        {
            if ((n & 1) != 0) result *= square;
        }
        return y < 0 ? 1 / result : result;
    }
}
