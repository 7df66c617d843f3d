using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// z of a statistic with given degrees of freedom: the standard normal value with the same upper tail. Immutable and shared by threads.
/// </summary>
/// <remarks>
/// Computed exactly where a single value is needed; for maps from a table by cubic Hermite interpolation with exact derivatives, whose
/// error is less than float32's. The variable of the table is t, or √F.
/// </remarks>
internal sealed class NormalScores
{
    private const double LogHalf = -0.69314718055994530942;
    private const double LogTwo = 0.69314718055994530942;

    /// <summary>Intervals of the table per unit.</summary>
    private const int PerUnit = 64;

    /// <summary>The end of the table.</summary>
    private const int Last = 48;

    /// <summary>z of √F has a pole at 0: smaller values are computed.</summary>
    private const int FirstOfF = 32;

    private readonly double _numerator;
    private readonly double _residual;
    private readonly bool _isSigned;
    private readonly Lazy<double[]> _cubics;

    /// <summary>The scores of a statistic.</summary>
    /// <param name="numerator">Degrees of freedom of the numerator; 1 for t.</param>
    /// <param name="residual">Those of the residuals.</param>
    /// <param name="isSigned">Whether the statistic is t; otherwise it is F.</param>
    public NormalScores(double numerator, double residual, bool isSigned)
    {
        (_numerator, _residual, _isSigned) = (numerator, residual, isSigned);
        _cubics = new(Cubics);
    }

    /// <summary>z of one statistic; NaN for NaN.</summary>
    public double Exact(double statistic) => _isSigned ? OfT(statistic, _residual) : OfF(statistic, _numerator, _residual);

    /// <summary>z of t; NaN for NaN.</summary>
    public static double OfT(double t, double degrees) =>
        double.IsNaN(t) ? double.NaN : Math.CopySign(NormalQuantile.UpperTail(StudentT.TwoSidedLogP(t, degrees) + LogHalf), t);

    /// <summary>z of F; NaN for NaN.</summary>
    public static double OfF(double f, double numerator, double residual)
    {
        if (double.IsNaN(f))
            return double.NaN;
        var logTail = FisherF.UpperLogP(f, numerator, residual);
        // P(F ≥ f) above 1/2: from the other tail, that of 1/F.
        return logTail <= LogHalf
            ? NormalQuantile.UpperTail(logTail)
            : -NormalQuantile.UpperTail(FisherF.UpperLogP(1 / f, residual, numerator));
    }

    /// <summary>Replaces statistics by z, to the precision of float32.</summary>
    public void Convert(Span<double> statistics)
    {
        // Of √F near 0 the table has no values.
        var least = _isSigned ? 0.0 : FirstOfF;
        ref var cubics = ref MemoryMarshal.GetArrayDataReference(_cubics.Value);
        foreach (ref var statistic in statistics)
        {
            var x = _isSigned ? Math.Abs(statistic) : Math.Sqrt(statistic);
            var place = x * PerUnit;
            // Also NaN and infinity.
            if (!(place < Last * PerUnit) || place < least)
            {
                statistic = Exact(statistic);
                continue;
            }
            // The cubic of an interval at a place in it.
            var interval = (int)place;
            var u = place - interval;
            ref var cubic = ref Unsafe.Add(ref cubics, 4 * interval);
            var z = cubic + (u * (Unsafe.Add(ref cubic, 1) + (u * (Unsafe.Add(ref cubic, 2) + (u * Unsafe.Add(ref cubic, 3))))));
            statistic = _isSigned ? Math.CopySign(z, statistic) : z;
        }
    }

    /// <summary>Hermite's cubics, four coefficients each.</summary>
    private double[] Cubics()
    {
        var nodes = Nodes();
        var cubics = new double[4 * Last * PerUnit];
        for (var interval = 0; interval < Last * PerUnit; interval++)
        {
            var (z0, d0) = (nodes[2 * interval], nodes[(2 * interval) + 1]);
            var (z1, d1) = (nodes[(2 * interval) + 2], nodes[(2 * interval) + 3]);
            var rise = z1 - z0;
            (cubics[4 * interval], cubics[(4 * interval) + 1]) = (z0, d0);
            cubics[(4 * interval) + 2] = (3 * rise) - (2 * d0) - d1;
            cubics[(4 * interval) + 3] = d0 + d1 - (2 * rise);
        }
        return cubics;
    }

    /// <summary>Values and derivatives, times the interval, at the ends of the intervals.</summary>
    private double[] Nodes()
    {
        var nodes = new double[2 * ((Last * PerUnit) + 1)];
        for (var node = _isSigned ? 0 : FirstOfF; node <= Last * PerUnit; node++)
        {
            var x = (double)node / PerUnit;
            var z = Exact(_isSigned ? x : x * x);
            nodes[2 * node] = z;
            // dz/dx = f(x) / φ(z)
            nodes[(2 * node) + 1] = ReproducibleMath.Exp(LogDensity(x) + (0.5 * ((z * z) + LogTwo + LogPi))) / PerUnit;
        }
        return nodes;
    }

    private static double LogPi => 1.1447298858494001741;

    /// <summary>The logarithm of the density of t, or of √F.</summary>
    private double LogDensity(double x)
    {
        var (a, b) = (0.5 * _numerator, 0.5 * _residual);
        var scale = ReproducibleMath.LogGamma(a + b) - ReproducibleMath.LogGamma(a) - ReproducibleMath.LogGamma(b);
        // For F with d1, d2 degrees of freedom; t's density is half that of √F with d1 = 1.
        var ofRoot =
            LogTwo
            + scale
            + (a * ReproducibleMath.Log(_numerator / _residual))
            + (_numerator > 1 ? (_numerator - 1) * ReproducibleMath.Log(x) : 0)
            - ((a + b) * ReproducibleMath.Log1p(_numerator * x * x / _residual));
        return _isSigned ? ofRoot - LogTwo : ofRoot;
    }
}
