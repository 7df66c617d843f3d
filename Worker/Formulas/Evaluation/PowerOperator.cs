using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>R's x^y, with the same bits on every node.</summary>
internal static class PowerOperator
{
    /// <summary>
    /// x^y: whole powers up to 64 by repeated squaring (a square is exactly x * x, as in R), others by the power function.
    /// </summary>
    public static double Apply(double x, double y)
    {
        if (x == 1 || y == 0)
            return 1;
        if (y == 0.5)
            return Math.Sqrt(x);
        if (y != Math.Floor(y) || Math.Abs(y) > 64)
            return ReproducibleMath.Pow(x, y);
        var (result, square) = (1.0, x);
        for (var n = (int)Math.Abs(y); n > 0; n >>= 1, square *= square)
        {
            if ((n & 1) != 0)
                result *= square;
        }
        return y < 0 ? 1 / result : result;
    }
}
