using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Distributions;

/// <summary>
/// Two-sided tail probabilities of Student's t where each value has its own degrees of freedom, in registers. The same bits at every width
/// of registers. NaN yields NaN; degrees of freedom that are not positive yield NaN.
/// </summary>
/// <remarks>The method of <see cref="FisherFTail"/> for 1 and df degrees of freedom, with the continued fraction of
/// <see cref="BetaFraction"/>; the results agree with theirs to rounding.</remarks>
internal static class VaryingStudentT
{
    private const double LogSqrtTwoPi = 0.9189385332046728;
    private const double StirlingOfHalf = 0.15342640972002736; // Δ(½) = ½ - ½ ln 2
    private const double StirlingFrom = 16;
    private const double LeastDegrees = 2;
    private const double MostDegrees = 1e12;
    private const double LargestT = 1e50;
    private const double SmallestFactor = -700;
    private const int StepsPerCheck = 4;
    private const int MaxSteps = 2000;
    private const double Tolerance = 4e-16;

    /// <summary>P(|T| > |t|) of each value; <paramref name="p"/> may be <paramref name="t"/>.</summary>
    public static void TwoSidedP(ReadOnlySpan<double> t, ReadOnlySpan<double> df, Span<double> p)
    {
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
            TwoSidedP<Lanes512>(t, df, p);
        else if (Vector256.IsHardwareAccelerated && Avx.IsSupported)
            TwoSidedP<Lanes256>(t, df, p);
        else if (Vector128.IsHardwareAccelerated)
            TwoSidedP<Lanes128>(t, df, p);
        else
            TwoSidedP<ScalarLane>(t, df, p);
    }

    /// <summary>The same for one register type.</summary>
    internal static void TwoSidedP<TLanes>(ReadOnlySpan<double> t, ReadOnlySpan<double> df, Span<double> p)
        where TLanes : struct, ILanes<TLanes>
    {
        var i = 0;
        for (; t.Length - i >= TLanes.Count; i += TLanes.Count)
            Store<TLanes>(t[i..], df[i..], p[i..]);
        for (; i < t.Length; i++)
            Store<ScalarLane>(t[i..], df[i..], p[i..]);
    }

    private static void Store<TLanes>(ReadOnlySpan<double> t, ReadOnlySpan<double> df, Span<double> p)
        where TLanes : struct, ILanes<TLanes>
    {
        Span<double> asked = stackalloc double[TLanes.Count];
        Span<double> mask = stackalloc double[TLanes.Count];
        t[..TLanes.Count].CopyTo(asked);
        var regular = Regular(
            TLanes.Abs(TLanes.Load(in MemoryMarshal.GetReference(t))),
            TLanes.Load(in MemoryMarshal.GetReference(df)),
            out var tail
        );
        TLanes.Store(tail, ref MemoryMarshal.GetReference(p));
        if (TLanes.All(regular))
            return;
        TLanes.Store(regular, ref MemoryMarshal.GetReference(mask));
        for (var lane = 0; lane < TLanes.Count; lane++)
            if (mask[lane] == 0)
                p[lane] = double.IsNaN(asked[lane]) ? double.NaN : StudentT.TwoSidedP(asked[lane], df[lane]);
    }

    /// <summary>The tails of a register; a mask of the lanes where they are valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TLanes Regular<TLanes>(TLanes t, TLanes df, out TLanes tail)
        where TLanes : struct, ILanes<TLanes>
    {
        var (one, half) = (TLanes.Broadcast(1), TLanes.Broadcast(0.5));
        var regular = TLanes.WhereSet(TLanes.LessThan(default, t), TLanes.LessThan(t, TLanes.Broadcast(LargestT)));
        regular = TLanes.WhereSet(regular, TLanes.LessThanOrEqual(TLanes.Broadcast(LeastDegrees), df));
        regular = TLanes.WhereSet(regular, TLanes.LessThan(df, TLanes.Broadcast(MostDegrees)));
        tail = default;
        if (!TLanes.Any(regular))
            return regular;
        t = TLanes.Select(regular, t, one);
        df = TLanes.Select(regular, df, TLanes.Broadcast(LeastDegrees));
        var a = half * df;
        var f = t * t;
        var inverse = one / df;
        var ratio = f * inverse;
        var x = one / (one + ratio);
        var y = TLanes.Select(TLanes.LessThan(ratio, one), ratio * x, one / (one + one / ratio));
        var excess = (t - one) * (t + one) * x;
        var lambda = half * excess;
        var logX = ReproducibleMath.Log1p(inverse) - ReproducibleMath.Log1p(ratio);
        var scale = half * ReproducibleMath.Log(half * a / (a + half)) - TLanes.Broadcast(LogSqrtTwoPi + StirlingOfHalf);
        scale = scale - (Stirling(a) - Stirling(a + half));
        var log = scale - a * OfX(default(TLanes) - excess * inverse, logX) - half * OfY(excess, logX, f);

        var isLower = TLanes.LessThan(lambda, (a - half) / (a + TLanes.Broadcast(2.5)));
        TLanes fraction = default;
        if (TLanes.Any(TLanes.WhereSet(isLower, regular)))
            fraction = Fraction(half, a, y, x, default(TLanes) - lambda, TLanes.WhereSet(isLower, regular));
        var isUpper = TLanes.Drop(isLower, regular);
        if (TLanes.Any(isUpper))
            fraction = TLanes.Select(isLower, fraction, Fraction(a, half, x, y, lambda, isUpper));
        var product = ReproducibleMath.Exp(log) * fraction;
        tail = TLanes.Select(isLower, one - product, product);
        var isTiny = TLanes.Drop(isLower, TLanes.LessThan(log, TLanes.Broadcast(SmallestFactor)));
        return TLanes.WhereSet(TLanes.Finite(tail), TLanes.Drop(isTiny, regular));
    }

    /// <summary>φ(e) = e - ln(1 + e), 1 + e = x/x0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes OfX<TLanes>(TLanes e, TLanes logX)
        where TLanes : struct, ILanes<TLanes> => TLanes.Select(IsSmall(e), ReproducibleMath.LogDivergence(e), e - logX);

    /// <summary>φ(e), 1 + e = y/y0 = f x/x0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes OfY<TLanes>(TLanes e, TLanes logX, TLanes f)
        where TLanes : struct, ILanes<TLanes>
    {
        var isPositive = TLanes.LessThan(default, e);
        var log = TLanes.Select(isPositive, ReproducibleMath.Log1p(TLanes.WhereSet(isPositive, e)), ReproducibleMath.Log(f) + logX);
        return TLanes.Select(IsSmall(e), ReproducibleMath.LogDivergence(e), e - log);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes IsSmall<TLanes>(TLanes e)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.WhereSet(TLanes.LessThan(TLanes.Broadcast(-0.4), e), TLanes.LessThan(e, TLanes.Broadcast(0.6)));

    /// <summary>Δ(x) of <see cref="ReproducibleMath.StirlingCorrection"/> for x of at least 1.</summary>
    private static TLanes Stirling<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes below = default;
        var one = TLanes.Broadcast(1);
        while (true)
        {
            var isBelow = TLanes.LessThan(x, TLanes.Broadcast(StirlingFrom));
            if (!TLanes.Any(isBelow))
                break;
            below += TLanes.WhereSet(isBelow, ReproducibleMath.StirlingStep(x));
            x += TLanes.WhereSet(isBelow, one);
        }
        return below + ReproducibleMath.StirlingSeries(x);
    }

    /// <summary>The continued fraction of I_x(a, b), each lane with its own parameters.</summary>
    private static TLanes Fraction<TLanes>(TLanes a, TLanes b, TLanes x, TLanes y, TLanes lambda, TLanes wanted)
        where TLanes : struct, ILanes<TLanes>
    {
        var one = TLanes.Broadcast(1);
        var (square, shift, growth) = (x * x, lambda + one, one + y);
        var inverse = one / (a + one);
        var (numeratorBefore, numerator) = (default(TLanes), one / (a * inverse * shift));
        var (denominatorBefore, denominator) = (one / (a * inverse * shift), one);
        var result = TLanes.Broadcast(double.NaN);
        for (var n = 1; n < MaxSteps; )
        {
            var before = numerator;
            for (var end = n + StepsPerCheck; n < end; n++)
            {
                var index = TLanes.Broadcast(n);
                var next = one / (a + TLanes.Broadcast((2.0 * n) + 1));
                var linear = index * (b - index) * inverse;
                var alpha = (a + TLanes.Broadcast(n - 1)) * inverse * ((a + b + TLanes.Broadcast(n - 1)) * linear) * square;
                var scale = (a + index) * next;
                var beta = TLanes.AddProduct(TLanes.AddProduct(index, linear, x), scale, TLanes.AddProduct(shift, index, growth));
                (numeratorBefore, numerator) = (numerator, TLanes.AddProduct(alpha * numeratorBefore, beta, numerator));
                (denominatorBefore, denominator) = (denominator, TLanes.AddProduct(alpha * denominatorBefore, beta, denominator));
                inverse = next;
            }
            var reciprocal = one / denominator;
            numerator *= reciprocal;
            numeratorBefore *= reciprocal;
            denominatorBefore *= reciprocal;
            denominator = one;
            var tolerance = TLanes.Broadcast(Tolerance) * numerator;
            var converged = TLanes.WhereSet(wanted, TLanes.LessThanOrEqual(TLanes.Abs(numerator - before), tolerance));
            result = TLanes.Select(converged, numerator, result);
            wanted = TLanes.Drop(converged, wanted);
            if (!TLanes.Any(wanted))
                return result;
        }
        return result;
    }
}
