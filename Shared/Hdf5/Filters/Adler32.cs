using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>
/// The checksum at the end of a zlib stream (RFC 1950, 8.2): <c>a = 1 + Σ x</c> and <c>b = Σ of a after each byte</c>, both modulo 65521.
/// </summary>
/// <remarks>
/// Rows of 32 bytes are summed per lane: s sums the bytes, t sums s after each row. Byte j of row r of R counts <c>32 (R - r) - j</c> times
/// in b, so that R rows add <c>32 R a + 32 Σ t - Σ j s</c> to it and <c>Σ s</c> to a.
/// </remarks>
internal static class Adler32
{
    private const uint Prime = 65521;
    private const int Lanes = 32;
    private const int MaxRows = 22; // 255 · 22 · 23 / 2, the most a lane of t can hold, is below 2^16

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint a = 1,
            b = 0;
        var rows = MemoryMarshal.Cast<byte, Vector256<byte>>(data);
        while (!rows.IsEmpty)
        {
            var count = Math.Min(rows.Length, MaxRows);
            Add(rows[..count], ref a, ref b);
            rows = rows[count..];
        }
        foreach (var value in data[(data.Length / Lanes * Lanes)..])
        {
            a = (a + value) % Prime;
            b = (b + a) % Prime;
        }
        return (b << 16) | a;
    }

    /// <summary>
    /// Optimised at the first call: vector code is not precompiled, and for the first chunks each vector operation would be a call.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(ReadOnlySpan<Vector256<byte>> rows, ref uint a, ref uint b)
    {
        Vector256<ushort> lowSum = default,
            highSum = default,
            lowSums = default,
            highSums = default;
        foreach (var row in rows)
        {
            var (low, high) = Vector256.Widen(row);
            lowSum += low;
            highSum += high;
            lowSums += lowSum;
            highSums += highSum;
        }
        uint sum = 0,
            sums = 0,
            weighted = 0;
        for (var lane = 0; lane < Lanes / 2; lane++)
        {
            sum += (uint)lowSum[lane] + highSum[lane];
            sums += (uint)lowSums[lane] + highSums[lane];
            weighted += (uint)(lane * lowSum[lane]) + (uint)((lane + (Lanes / 2)) * highSum[lane]);
        }
        b = (b + ((uint)(Lanes * rows.Length) * a) + (Lanes * sums) - weighted) % Prime;
        a = (a + sum) % Prime;
    }
}
