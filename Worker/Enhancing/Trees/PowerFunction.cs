using System.Runtime.CompilerServices;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>x^y of a fixed exponent and x ≥ 0; the same bits on every machine. Exponents with a cheap exact form use it.</summary>
/// <param name="exponent">Above 0.</param>
internal readonly struct PowerFunction(double exponent)
{
    /// <summary>The exponent.</summary>
    public double Exponent { get; } = exponent;

    /// <summary>The power.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Of(double x) =>
        Exponent switch
        {
            0.5 => Math.Sqrt(x),
            1 => x,
            2 => x * x,
            3 => x * x * x,
            _ => ReproducibleMath.Pow(x, Exponent),
        };
}
