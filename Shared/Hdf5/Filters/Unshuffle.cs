using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>
/// Reverses HDF5's shuffle for a run of values: byte b of value i is at <c>plane b, position i</c>. Working on a run rather than on a whole
/// chunk writes rows directly to their destination, without a second copy.
/// </summary>
/// <remarks>Invariant of the unsafe code: every plane's runs lie in the chunk, and what they hold fits the destination; both are checked on
/// entry. A short process would run mostly unoptimised code here, so the vector loops are optimised at the first call.</remarks>
internal static unsafe class Unshuffle
{
    /// <summary>Values that a vector loop restores per step, and the minimum it can handle.</summary>
    private const int Step = 16;

    /// <summary>Restores <paramref name="count"/> values from <paramref name="start"/> on.</summary>
    /// <param name="shuffled">The chunk's bytes: size planes.</param>
    /// <param name="valuesInChunk">Bytes from one plane to the next.</param>
    /// <param name="start">The first value.</param>
    /// <param name="count">The number of values.</param>
    /// <param name="size">Bytes of a value.</param>
    /// <param name="destination">Receives count × size bytes.</param>
    public static void Run(ReadOnlySpan<byte> shuffled, long valuesInChunk, long start, int count, int size, Span<byte> destination) =>
        Rows(shuffled, valuesInChunk, start, 0, 1, count, size, destination, 0);

    /// <summary>Restores runs of equal length that begin <paramref name="width"/> values apart: the rows of a rectangle.</summary>
    /// <param name="shuffled">The chunk's bytes: size planes.</param>
    /// <param name="valuesInChunk">Bytes from one plane to the next.</param>
    /// <param name="start">The first value of the first run.</param>
    /// <param name="width">Distance in values from the start of one run to the next.</param>
    /// <param name="runs">The number of runs.</param>
    /// <param name="count">The number of values in each run.</param>
    /// <param name="size">Bytes of a value.</param>
    /// <param name="destination">Receives the values.</param>
    /// <param name="pitch">Distance in bytes from one run to the next in <paramref name="destination"/>.</param>
    public static void Rows(
        ReadOnlySpan<byte> shuffled,
        long valuesInChunk,
        long start,
        long width,
        int runs,
        int count,
        int size,
        Span<byte> destination,
        long pitch
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfNegative(pitch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + ((runs - 1) * width) + count, valuesInChunk);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(valuesInChunk * size, shuffled.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(((runs - 1) * pitch) + ((long)count * size), destination.Length);
        fixed (byte* source = shuffled)
        fixed (byte* target = destination)
        {
            if (size == 4 && count >= Step && Sse2.IsSupported)
            {
                Fours(source + start, valuesInChunk, width, runs, count, target, pitch);
                return;
            }
            for (var run = 0; run < runs; run++)
            {
                var from = source + start + (run * width);
                var to = target + (run * pitch);
                var done = !Sse2.IsSupported
                    ? 0
                    : size switch
                    {
                        2 => Two(from, valuesInChunk, count, to),
                        8 => Eight(from, valuesInChunk, count, to),
                        _ => 0,
                    };
                Plain(from, valuesInChunk, done, count, size, to);
            }
        }
    }

    /// <summary>The scalar reference: the same bytes without vectors.</summary>
    internal static void Plain(ReadOnlySpan<byte> shuffled, long valuesInChunk, long start, int count, int size, Span<byte> destination)
    {
        Debug.Assert(start + count <= valuesInChunk && valuesInChunk * size <= shuffled.Length && count * size <= destination.Length);
        fixed (byte* source = shuffled)
        fixed (byte* target = destination)
            Plain(source + start, valuesInChunk, 0, count, size, target);
    }

    private static void Plain(byte* source, long plane, int first, int count, int size, byte* target)
    {
        for (var i = first; i < count; i++)
        {
            for (var b = 0; b < size; b++)
                target[(i * (long)size) + b] = source[(b * plane) + i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Two(byte* source, long plane, int count, byte* target)
    {
        if (count < Step)
            return 0;
        for (var i = 0; i < count; i = Next(i, count))
        {
            var (low, high) = Interleave(Vector128.Load(source + i), Vector128.Load(source + plane + i));
            low.Store(target + (i * 2L));
            high.Store(target + (i * 2L) + 16);
        }
        return count;
    }

    /// <summary>All rows in one call: a row of a piece is one or two steps long, as short as a call takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fours(byte* source, long plane, long width, int runs, int count, byte* target, long pitch)
    {
        for (var run = 0; run < runs; run++, source += width, target += pitch)
            Four(source, plane, count, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(byte* source, long plane, int count, byte* target)
    {
        var i = 0;
        if (Avx512BW.IsSupported)
        {
            for (; i + Vector512<byte>.Count <= count; i += Vector512<byte>.Count)
                FourWide(source + i, plane, target + (i * 4L));
            if (i < count)
                i = Math.Min(i, count - Step);
        }
        for (; i < count; i = Next(i, count))
        {
            var (low01, high01) = Interleave(Vector128.Load(source + i), Vector128.Load(source + plane + i));
            var (low23, high23) = Interleave(Vector128.Load(source + (2 * plane) + i), Vector128.Load(source + (3 * plane) + i));
            var (first, second) = Interleave(low01.AsUInt16(), low23.AsUInt16());
            var (third, fourth) = Interleave(high01.AsUInt16(), high23.AsUInt16());
            var at = target + (i * 4L);
            first.AsByte().Store(at);
            second.AsByte().Store(at + 16);
            third.AsByte().Store(at + 32);
            fourth.AsByte().Store(at + 48);
        }
    }

    /// <summary>
    /// 64 values at once: interleaving stays within lanes of 16 bytes, so lane l of part k contains values from 16 l + 4 k on; the lanes
    /// are then transposed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourWide(byte* source, long plane, byte* target)
    {
        var (a, b, c, d) = (
            Vector512.Load(source),
            Vector512.Load(source + plane),
            Vector512.Load(source + (2 * plane)),
            Vector512.Load(source + (3 * plane))
        );
        var (low01, high01) = (Avx512BW.UnpackLow(a, b).AsUInt16(), Avx512BW.UnpackHigh(a, b).AsUInt16());
        var (low23, high23) = (Avx512BW.UnpackLow(c, d).AsUInt16(), Avx512BW.UnpackHigh(c, d).AsUInt16());
        var (part0, part1) = (Avx512BW.UnpackLow(low01, low23).AsUInt64(), Avx512BW.UnpackHigh(low01, low23).AsUInt64());
        var (part2, part3) = (Avx512BW.UnpackLow(high01, high23).AsUInt64(), Avx512BW.UnpackHigh(high01, high23).AsUInt64());
        var (even01, odd01) = (Avx512F.Shuffle4x128(part0, part1, 0b10_00_10_00), Avx512F.Shuffle4x128(part0, part1, 0b11_01_11_01));
        var (even23, odd23) = (Avx512F.Shuffle4x128(part2, part3, 0b10_00_10_00), Avx512F.Shuffle4x128(part2, part3, 0b11_01_11_01));
        Avx512F.Shuffle4x128(even01, even23, 0b10_00_10_00).AsByte().Store(target);
        Avx512F.Shuffle4x128(odd01, odd23, 0b10_00_10_00).AsByte().Store(target + 64);
        Avx512F.Shuffle4x128(even01, even23, 0b11_01_11_01).AsByte().Store(target + 128);
        Avx512F.Shuffle4x128(odd01, odd23, 0b11_01_11_01).AsByte().Store(target + 192);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Eight(byte* source, long plane, int count, byte* target)
    {
        if (count < Step)
            return 0;
        for (var i = 0; i < count; i = Next(i, count))
        {
            var (a0, a1, a2, a3) = Quads(source + i, plane);
            var (b0, b1, b2, b3) = Quads(source + (4 * plane) + i, plane);
            var at = target + (i * 8L);
            StorePair(Interleave(a0, b0), at);
            StorePair(Interleave(a1, b1), at + 32);
            StorePair(Interleave(a2, b2), at + 64);
            StorePair(Interleave(a3, b3), at + 96);
        }
        return count;
    }

    /// <summary>The first value of the next step; the last step overlaps the previous one and restores some values twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(int i, int count) => i + Step < count && i + (2 * Step) > count ? count - Step : i + Step;

    private static (Vector128<uint> First, Vector128<uint> Second, Vector128<uint> Third, Vector128<uint> Fourth) Quads(
        byte* source,
        long plane
    )
    {
        var (low01, high01) = Interleave(Vector128.Load(source), Vector128.Load(source + plane));
        var (low23, high23) = Interleave(Vector128.Load(source + (2 * plane)), Vector128.Load(source + (3 * plane)));
        var (first, second) = Interleave(low01.AsUInt16(), low23.AsUInt16());
        var (third, fourth) = Interleave(high01.AsUInt16(), high23.AsUInt16());
        return (first.AsUInt32(), second.AsUInt32(), third.AsUInt32(), fourth.AsUInt32());
    }

    private static void StorePair((Vector128<uint> Low, Vector128<uint> High) pair, byte* at)
    {
        pair.Low.AsByte().Store(at);
        pair.High.AsByte().Store(at + 16);
    }

    private static (Vector128<byte> Low, Vector128<byte> High) Interleave(Vector128<byte> even, Vector128<byte> odd) =>
        (Sse2.UnpackLow(even, odd), Sse2.UnpackHigh(even, odd));

    private static (Vector128<ushort> Low, Vector128<ushort> High) Interleave(Vector128<ushort> even, Vector128<ushort> odd) =>
        (Sse2.UnpackLow(even, odd), Sse2.UnpackHigh(even, odd));

    private static (Vector128<uint> Low, Vector128<uint> High) Interleave(Vector128<uint> even, Vector128<uint> odd) =>
        (Sse2.UnpackLow(even, odd), Sse2.UnpackHigh(even, odd));
}
