using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Distributions;

/// <content>Some of the functions for registers of values: each lane performs the same operations in the same order, hence the same bits.
/// Only for arguments of the regular case, which each function states; the caller must handle others.
/// </content>
internal static partial class ReproducibleMath
{
    private const double ExponentAsDouble = 4503599627370496.0; // 2^52: its low bits contain an integer
    private const long ExponentAsDoubleBits = 0x4330000000000000;

    /// <summary><see cref="Log(double)"/> for x &gt; 0 and finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TLanes Log<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var (k, m) = SplitExponent(x);
        return LogNearOne(k, m - TLanes.Broadcast(1), default);
    }

    /// <summary><see cref="Log1p(double)"/> for x &gt; −1 and finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TLanes Log1p<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var one = TLanes.Broadcast(1);
        var u = one + x;
        var lost = TLanes.Select(TLanes.LessThan(one, x), one - (u - x), x - (u - one)) / u;
        var (k, m) = SplitExponent(u);
        // If k is not 0, only u is used of x.
        var scaled = TLanes.LessThan(default, TLanes.Abs(k));
        return LogNearOne(k, TLanes.Select(scaled, m - one, x), TLanes.WhereSet(scaled, lost));
    }

    /// <summary><see cref="Exp(double)"/> for every x except NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TLanes Exp<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var (least, most) = (TLanes.Broadcast(-760), TLanes.Broadcast(720));
        var bounded = TLanes.Select(TLanes.LessThan(most, x), most, TLanes.Select(TLanes.LessThan(x, least), least, x));
        var (k, q) = ReducedExpm1(bounded);
        var half = Round(k * TLanes.Broadcast(0.5));
        return (TLanes.Broadcast(1) + q) * PowerOfTwo(half) * PowerOfTwo(k - half);
    }

    /// <summary>
    /// Replaces each value, none of them NaN, by <see cref="Exp(double)"/> of it, in the widest registers of this machine.
    /// </summary>
    public static void Exp(Span<double> values)
    {
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
            Exp<Lanes512>(values);
        else if (Vector256.IsHardwareAccelerated && Avx.IsSupported)
            Exp<Lanes256>(values);
        else if (Vector128.IsHardwareAccelerated)
            Exp<Lanes128>(values);
        else
            Exp<ScalarLane>(values);
    }

    private static void Exp<TLanes>(Span<double> values)
        where TLanes : struct, ILanes<TLanes>
    {
        var i = 0;
        for (; values.Length - i >= TLanes.Count; i += TLanes.Count)
            TLanes.Store(Exp(TLanes.Load(in values[i])), ref values[i]);
        for (; i < values.Length; i++)
            values[i] = Exp(values[i]);
    }

    /// <summary>
    /// Replaces each value, all of them positive and finite, by <see cref="Log(double)"/> of it, in the widest registers of this machine.
    /// </summary>
    public static void Log(Span<double> values)
    {
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
            Log<Lanes512>(values);
        else if (Vector256.IsHardwareAccelerated && Avx.IsSupported)
            Log<Lanes256>(values);
        else if (Vector128.IsHardwareAccelerated)
            Log<Lanes128>(values);
        else
            Log<ScalarLane>(values);
    }

    private static void Log<TLanes>(Span<double> values)
        where TLanes : struct, ILanes<TLanes>
    {
        var i = 0;
        for (; values.Length - i >= TLanes.Count; i += TLanes.Count)
            TLanes.Store(Log(TLanes.Load(in values[i])), ref values[i]);
        for (; i < values.Length; i++)
            values[i] = Log(values[i]);
    }

    /// <summary><see cref="LogDivergence(double)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TLanes LogDivergence<TLanes>(TLanes e)
        where TLanes : struct, ILanes<TLanes>
    {
        var s = e / (TLanes.Broadcast(2) + e);
        return s * (e - TLanes.Broadcast(2) * ArtanhExcess(s * s));
    }

    /// <summary>Δ(x) − Δ(x + 1) of <see cref="StirlingCorrection(double)"/>, for x of at least 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TLanes StirlingStep<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var s = TLanes.Broadcast(1) / (TLanes.Broadcast(2) * x + TLanes.Broadcast(1));
        return ArtanhExcess(s * s);
    }

    /// <summary>Stirling's series of Δ(x), for x of at least 16.</summary>
    public static TLanes StirlingSeries<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var inverse = TLanes.Broadcast(1) / x;
        var z = inverse * inverse;
        var sum = Linear(-691.0 / 360360, z, 1.0 / 156);
        foreach (var term in (ReadOnlySpan<double>)[1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12])
            sum = TLanes.Broadcast(term) + z * sum;
        return inverse * sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TLanes K, TLanes M) SplitExponent<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var isSmall = TLanes.LessThan(x, TLanes.Broadcast(SmallestNormal));
        x = TLanes.Select(isSmall, x * TLanes.Broadcast(18014398509481984.0), x);
        var shifted = TLanes.AddBits(x, OneBits - SqrtHalfBits);
        var m = TLanes.AddBits(TLanes.AndBits(shifted, 0x000FFFFFFFFFFFFF), SqrtHalfBits);
        var k = TLanes.AddBits(TLanes.ShiftBitsDown(shifted, 52), ExponentAsDoubleBits) - TLanes.Broadcast(ExponentAsDouble + 1023);
        return (k - TLanes.WhereSet(isSmall, TLanes.Broadcast(54)), m);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes LogNearOne<TLanes>(TLanes k, TLanes f, TLanes lost)
        where TLanes : struct, ILanes<TLanes>
    {
        var s = f / (TLanes.Broadcast(2) + f);
        var half = TLanes.Broadcast(0.5) * f * f;
        return k * TLanes.Broadcast(Ln2High) - (half - (s * (half + ArtanhSeries(s * s)) + (k * TLanes.Broadcast(Ln2Low) + lost)) - f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes ArtanhSeries<TLanes>(TLanes z)
        where TLanes : struct, ILanes<TLanes>
    {
        var z2 = z * z;
        var z4 = z2 * z2;
        var p01 = Linear(2.0 / 3, z, 2.0 / 5);
        var p23 = Linear(2.0 / 7, z, 2.0 / 9);
        var p45 = Linear(2.0 / 11, z, 2.0 / 13);
        var p67 = Linear(2.0 / 15, z, 2.0 / 17);
        var p89 = Linear(2.0 / 19, z, 2.0 / 21);
        return z * (p01 + z2 * p23 + z4 * (p45 + z2 * p67 + z4 * (p89 + z2 * TLanes.Broadcast(2.0 / 23))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes ArtanhExcess<TLanes>(TLanes z)
        where TLanes : struct, ILanes<TLanes>
    {
        var z2 = z * z;
        var z4 = z2 * z2;
        var p0 = Linear(1.0 / 3, z, 1.0 / 5) + z2 * Linear(1.0 / 7, z, 1.0 / 9);
        var p4 = Linear(1.0 / 11, z, 1.0 / 13) + z2 * Linear(1.0 / 15, z, 1.0 / 17);
        var p8 = Linear(1.0 / 19, z, 1.0 / 21) + z2 * Linear(1.0 / 23, z, 1.0 / 25);
        var p12 = Linear(1.0 / 27, z, 1.0 / 29) + z2 * Linear(1.0 / 31, z, 1.0 / 33);
        return z * (p0 + z4 * (p4 + z4 * (p8 + z4 * p12)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TLanes K, TLanes Q) ReducedExpm1<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var k = Round(x * TLanes.Broadcast(Ln2Inverse));
        var high = x - k * TLanes.Broadcast(Ln2High);
        var low = k * TLanes.Broadcast(Ln2Low);
        var r = high - low;
        var lost = high - r - low;
        var r2 = r * r;
        var r4 = r2 * r2;
        var p01 = Linear(1.0 / 2, r, 1.0 / 6);
        var p23 = Linear(1.0 / 24, r, 1.0 / 120);
        var p45 = Linear(1.0 / 720, r, 1.0 / 5040);
        var p67 = Linear(1.0 / 40320, r, 1.0 / 362880);
        var p89 = Linear(1.0 / 3628800, r, 1.0 / 39916800);
        var pab = Linear(1.0 / 479001600, r, 1.0 / 6227020800);
        var p = p01 + r2 * p23 + r4 * (p45 + r2 * p67 + r4 * (p89 + r2 * pab + r4 * TLanes.Broadcast(1.0 / 87178291200)));
        return (k, r + (lost + r2 * p));
    }

    /// <summary>constant + x · slope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Linear<TLanes>(double constant, TLanes x, double slope)
        where TLanes : struct, ILanes<TLanes> => TLanes.Broadcast(constant) + x * TLanes.Broadcast(slope);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes PowerOfTwo<TLanes>(TLanes k)
        where TLanes : struct, ILanes<TLanes> => TLanes.ShiftBitsUp(k + TLanes.Broadcast(RoundingShift + 1023), 52);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Round<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => x + TLanes.Broadcast(RoundingShift) - TLanes.Broadcast(RoundingShift);
}
