using System.Runtime.CompilerServices;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Distributions;

/// <content>
/// exp and ln for loops over registers, with fused products: the same bits at every register width, in about half the operations. Their
/// bits are not those of <see cref="Exp(double)"/> and <see cref="Log(double)"/>; their relative errors are below 5e-16.
/// </content>
internal static partial class ReproducibleMath
{
    private const double LargestFusedExponent = 700;

    /// <summary>e^x for x between −700 and 700; beyond, the value at these limits. NaN gives that at the upper one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes FusedExp<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var (most, least) = (TLanes.Broadcast(LargestFusedExponent), TLanes.Broadcast(-LargestFusedExponent));
        x = TLanes.Select(TLanes.LessThan(x, most), x, most);
        x = TLanes.Select(TLanes.LessThan(x, least), least, x);
        var shifted = TLanes.AddProduct(TLanes.Broadcast(RoundingShift), x, TLanes.Broadcast(Ln2Inverse));
        var k = shifted - TLanes.Broadcast(RoundingShift);
        var r = TLanes.SubtractProduct(TLanes.SubtractProduct(x, k, TLanes.Broadcast(Ln2High)), k, TLanes.Broadcast(Ln2Low));
        // Σ r^n / n!, to n = 13, by Estrin's scheme.
        var r2 = r * r;
        var r4 = r2 * r2;
        var p0 = TLanes.AddProduct(TLanes.Broadcast(1) + r, r2, FusedLinear(1.0 / 2, r, 1.0 / 6));
        var p4 = TLanes.AddProduct(FusedLinear(1.0 / 24, r, 1.0 / 120), r2, FusedLinear(1.0 / 720, r, 1.0 / 5040));
        var p8 = TLanes.AddProduct(FusedLinear(1.0 / 40320, r, 1.0 / 362880), r2, FusedLinear(1.0 / 3628800, r, 1.0 / 39916800));
        var pc = FusedLinear(1.0 / 479001600, r, 1.0 / 6227020800);
        var p = TLanes.AddProduct(TLanes.AddProduct(p0, r4, p4), r4 * r4, TLanes.AddProduct(p8, r4, pc));
        return p * TLanes.ShiftBitsUp(shifted + TLanes.Broadcast(1023), 52);
    }

    /// <summary>ln x for x &gt; 0 and finite; other arguments give values without meaning.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes FusedLog<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // x = m · 2^k, √½ ≤ m < √2; subnormal numbers lose digits.
        var bits = TLanes.AddBits(x, OneBits - SqrtHalfBits);
        var m = TLanes.AddBits(TLanes.AndBits(bits, 0x000FFFFFFFFFFFFF), SqrtHalfBits);
        var k = TLanes.AddBits(TLanes.ShiftBitsDown(bits, 52), ExponentAsDoubleBits) - TLanes.Broadcast(ExponentAsDouble + 1023);
        // ln(1 + f) = f − f²/2 + s (f²/2 + series) with s = f / (2 + f): the leading f is exact.
        var f = m - TLanes.Broadcast(1);
        var s = f / (TLanes.Broadcast(2) + f);
        var (half, z) = (TLanes.Broadcast(0.5) * f * f, s * s);
        var (z2, z4) = (z * z, z * z * (z * z));
        var p0 = TLanes.AddProduct(FusedLinear(2.0 / 3, z, 2.0 / 5), z2, FusedLinear(2.0 / 7, z, 2.0 / 9));
        var p4 = TLanes.AddProduct(FusedLinear(2.0 / 11, z, 2.0 / 13), z2, FusedLinear(2.0 / 15, z, 2.0 / 17));
        var p8 = TLanes.AddProduct(FusedLinear(2.0 / 19, z, 2.0 / 21), z2, TLanes.Broadcast(2.0 / 23));
        var series = z * TLanes.AddProduct(p0, z4, TLanes.AddProduct(p4, z4, p8));
        var low = TLanes.AddProduct(k * TLanes.Broadcast(Ln2Low), s, half + series);
        return TLanes.AddProduct(f - (half - low), k, TLanes.Broadcast(Ln2High));
    }

    /// <summary>constant + x · slope, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes FusedLinear<TLanes>(double constant, TLanes x, double slope)
        where TLanes : struct, ILanes<TLanes> => TLanes.AddProduct(TLanes.Broadcast(constant), x, TLanes.Broadcast(slope));
}
