using System.Runtime.CompilerServices;

namespace HpcFit.Worker.Kernels;

/// <summary>
/// Two registers as one, so that a loop broadcasts each coefficient and advances each row once for twice the lanes. For processors with
/// enough registers (32 with AVX-512).
/// </summary>
/// <typeparam name="TLanes">The register.</typeparam>
/// <param name="Low">The first lanes.</param>
/// <param name="High">The others.</param>
internal readonly record struct LanePair<TLanes>(TLanes Low, TLanes High) : ILanes<LanePair<TLanes>>
    where TLanes : struct, ILanes<TLanes>
{
    public static int Count => 2 * TLanes.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> Broadcast(double value) => Twice(TLanes.Broadcast(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> Load(ref readonly double source) => new(TLanes.Load(in source), TLanes.Load(in After(in source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> Widen(ref readonly float source) => new(TLanes.Widen(in source), TLanes.Widen(in After(in source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(LanePair<TLanes> value, ref double target)
    {
        TLanes.Store(value.Low, ref target);
        TLanes.Store(value.High, ref Unsafe.Add(ref target, TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> AddProduct(LanePair<TLanes> sum, LanePair<TLanes> left, LanePair<TLanes> right) =>
        new(TLanes.AddProduct(sum.Low, left.Low, right.Low), TLanes.AddProduct(sum.High, left.High, right.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> SubtractProduct(LanePair<TLanes> difference, LanePair<TLanes> left, LanePair<TLanes> right) =>
        new(TLanes.SubtractProduct(difference.Low, left.Low, right.Low), TLanes.SubtractProduct(difference.High, left.High, right.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> Sqrt(LanePair<TLanes> value) => new(TLanes.Sqrt(value.Low), TLanes.Sqrt(value.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> Finite(LanePair<TLanes> value) => new(TLanes.Finite(value.Low), TLanes.Finite(value.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> WhereSet(LanePair<TLanes> mask, LanePair<TLanes> value) =>
        new(TLanes.WhereSet(mask.Low, value.Low), TLanes.WhereSet(mask.High, value.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> Drop(LanePair<TLanes> mask, LanePair<TLanes> value) =>
        new(TLanes.Drop(mask.Low, value.Low), TLanes.Drop(mask.High, value.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(LanePair<TLanes> mask) => TLanes.All(mask.Low) && TLanes.All(mask.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> Min(LanePair<TLanes> left, LanePair<TLanes> right) =>
        new(TLanes.Min(left.Low, right.Low), TLanes.Min(left.High, right.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> Abs(LanePair<TLanes> value) => new(TLanes.Abs(value.Low), TLanes.Abs(value.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> LessThan(LanePair<TLanes> left, LanePair<TLanes> right) =>
        new(TLanes.LessThan(left.Low, right.Low), TLanes.LessThan(left.High, right.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> LessThanOrEqual(LanePair<TLanes> left, LanePair<TLanes> right) =>
        new(TLanes.LessThanOrEqual(left.Low, right.Low), TLanes.LessThanOrEqual(left.High, right.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> Select(LanePair<TLanes> mask, LanePair<TLanes> set, LanePair<TLanes> clear) =>
        new(TLanes.Select(mask.Low, set.Low, clear.Low), TLanes.Select(mask.High, set.High, clear.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(LanePair<TLanes> mask) => TLanes.Any(mask.Low) || TLanes.Any(mask.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> AddBits(LanePair<TLanes> value, long bits) =>
        new(TLanes.AddBits(value.Low, bits), TLanes.AddBits(value.High, bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> AndBits(LanePair<TLanes> value, long bits) =>
        new(TLanes.AndBits(value.Low, bits), TLanes.AndBits(value.High, bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> ShiftBitsUp(LanePair<TLanes> value, int places) =>
        new(TLanes.ShiftBitsUp(value.Low, places), TLanes.ShiftBitsUp(value.High, places));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> ShiftBitsDown(LanePair<TLanes> value, int places) =>
        new(TLanes.ShiftBitsDown(value.Low, places), TLanes.ShiftBitsDown(value.High, places));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> operator +(LanePair<TLanes> left, LanePair<TLanes> right) =>
        new(left.Low + right.Low, left.High + right.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> operator -(LanePair<TLanes> left, LanePair<TLanes> right) =>
        new(left.Low - right.Low, left.High - right.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> operator *(LanePair<TLanes> left, LanePair<TLanes> right) =>
        new(left.Low * right.Low, left.High * right.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<TLanes> operator /(LanePair<TLanes> left, LanePair<TLanes> right) =>
        new(left.Low / right.Low, left.High / right.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LanePair<TLanes> Twice(TLanes lanes) => new(lanes, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref readonly T After<T>(ref readonly T source)
        where T : unmanaged => ref Unsafe.Add(ref Unsafe.AsRef(in source), TLanes.Count);
}
