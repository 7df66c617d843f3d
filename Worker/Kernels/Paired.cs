using System.Runtime.CompilerServices;

namespace HpcFit.Worker.Kernels;

/// <summary>
/// Two registers as one: a loop that broadcasts a coefficient and advances its row does so for twice the lanes. For processors that have
/// registers to spare (32 with AVX-512).
/// </summary>
/// <typeparam name="TLanes">The register.</typeparam>
/// <param name="Low">The first lanes.</param>
/// <param name="High">The others.</param>
internal readonly record struct Paired<TLanes>(TLanes Low, TLanes High) : ILanes<Paired<TLanes>>
    where TLanes : struct, ILanes<TLanes>
{
    public static int Count => 2 * TLanes.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> Broadcast(double value) => Twice(TLanes.Broadcast(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> Load(ref readonly double source) => new(TLanes.Load(in source), TLanes.Load(in After(in source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> Widen(ref readonly float source) => new(TLanes.Widen(in source), TLanes.Widen(in After(in source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Paired<TLanes> value, ref double target)
    {
        TLanes.Store(value.Low, ref target);
        TLanes.Store(value.High, ref Unsafe.Add(ref target, TLanes.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> AddProduct(Paired<TLanes> sum, Paired<TLanes> left, Paired<TLanes> right) =>
        new(TLanes.AddProduct(sum.Low, left.Low, right.Low), TLanes.AddProduct(sum.High, left.High, right.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> SubtractProduct(Paired<TLanes> difference, Paired<TLanes> left, Paired<TLanes> right) =>
        new(TLanes.SubtractProduct(difference.Low, left.Low, right.Low), TLanes.SubtractProduct(difference.High, left.High, right.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> Sqrt(Paired<TLanes> value) => new(TLanes.Sqrt(value.Low), TLanes.Sqrt(value.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> Finite(Paired<TLanes> value) => new(TLanes.Finite(value.Low), TLanes.Finite(value.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> Keep(Paired<TLanes> mask, Paired<TLanes> value) => new(TLanes.Keep(mask.Low, value.Low), TLanes.Keep(mask.High, value.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> Drop(Paired<TLanes> mask, Paired<TLanes> value) => new(TLanes.Drop(mask.Low, value.Low), TLanes.Drop(mask.High, value.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(Paired<TLanes> mask) => TLanes.All(mask.Low) && TLanes.All(mask.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> Min(Paired<TLanes> left, Paired<TLanes> right) => new(TLanes.Min(left.Low, right.Low), TLanes.Min(left.High, right.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> Abs(Paired<TLanes> value) => new(TLanes.Abs(value.Low), TLanes.Abs(value.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> LessThan(Paired<TLanes> left, Paired<TLanes> right) =>
        new(TLanes.LessThan(left.Low, right.Low), TLanes.LessThan(left.High, right.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> LessThanOrEqual(Paired<TLanes> left, Paired<TLanes> right) =>
        new(TLanes.LessThanOrEqual(left.Low, right.Low), TLanes.LessThanOrEqual(left.High, right.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> Select(Paired<TLanes> mask, Paired<TLanes> set, Paired<TLanes> clear) =>
        new(TLanes.Select(mask.Low, set.Low, clear.Low), TLanes.Select(mask.High, set.High, clear.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Paired<TLanes> mask) => TLanes.Any(mask.Low) || TLanes.Any(mask.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> AddBits(Paired<TLanes> value, long bits) => new(TLanes.AddBits(value.Low, bits), TLanes.AddBits(value.High, bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> AndBits(Paired<TLanes> value, long bits) => new(TLanes.AndBits(value.Low, bits), TLanes.AndBits(value.High, bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> ShiftBitsUp(Paired<TLanes> value, int places) => new(TLanes.ShiftBitsUp(value.Low, places), TLanes.ShiftBitsUp(value.High, places));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> ShiftBitsDown(Paired<TLanes> value, int places) =>
        new(TLanes.ShiftBitsDown(value.Low, places), TLanes.ShiftBitsDown(value.High, places));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> operator +(Paired<TLanes> left, Paired<TLanes> right) => new(left.Low + right.Low, left.High + right.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> operator -(Paired<TLanes> left, Paired<TLanes> right) => new(left.Low - right.Low, left.High - right.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> operator *(Paired<TLanes> left, Paired<TLanes> right) => new(left.Low * right.Low, left.High * right.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Paired<TLanes> operator /(Paired<TLanes> left, Paired<TLanes> right) => new(left.Low / right.Low, left.High / right.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Paired<TLanes> Twice(TLanes lanes) => new(lanes, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref readonly T After<T>(ref readonly T source)
        where T : unmanaged => ref Unsafe.Add(ref Unsafe.AsRef(in source), TLanes.Count);
}
