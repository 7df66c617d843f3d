namespace HpcFit.Worker.Distributions;

internal static partial class ReproducibleMath
{
    /// <summary>Above this, e^−x is below half an ulp of e^x.</summary>
    private const double OneSided = 22;

    /// <summary>sinh x.</summary>
    public static double Sinh(double x)
    {
        var magnitude = Math.Abs(x);
        if (magnitude == 0 || double.IsNaN(x))
            return x;
        var grown = Expm1(magnitude);
        var sinh = magnitude > OneSided ? HalfExp(magnitude) : 0.5 * (grown + grown / (grown + 1));
        return x < 0 ? -sinh : sinh;
    }

    /// <summary>cosh x.</summary>
    public static double Cosh(double x)
    {
        var magnitude = Math.Abs(x);
        if (magnitude > OneSided)
            return HalfExp(magnitude);
        var exp = Exp(magnitude);
        return 0.5 * exp + 0.5 / exp;
    }

    /// <summary>tanh x.</summary>
    public static double Tanh(double x)
    {
        var magnitude = Math.Abs(x);
        if (magnitude == 0 || double.IsNaN(x))
            return x;
        var grown = Expm1(2 * Math.Min(magnitude, OneSided));
        var tanh = magnitude > OneSided ? 1 : grown / (grown + 2);
        return x < 0 ? -tanh : tanh;
    }

    /// <summary>e^x / 2, also where e^x alone overflows.</summary>
    private static double HalfExp(double x)
    {
        if (x < 709)
            return 0.5 * Exp(x);
        var half = Exp(0.5 * x);
        return 0.5 * half * half;
    }
}
