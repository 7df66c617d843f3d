using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Families;

/// <summary>ln n! of whole numbers, from a table as far as counts usually go.</summary>
internal static class LogFactorial
{
    private static readonly double[] Table = [.. Enumerable.Range(0, 1024).Select(n => ReproducibleMath.LogGamma(n + 1.0))];

    /// <summary>ln n!, n ≥ 0.</summary>
    public static double Compute(double n) => n < Table.Length ? Table[(int)n] : ReproducibleMath.LogGamma(n + 1);
}
