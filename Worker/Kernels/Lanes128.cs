using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HpcFit.Worker.Kernels;

/// <summary>Two lanes: SSE2, or NEON.</summary>
/// <param name="V">The register.</param>
internal readonly record struct Lanes128(Vector128<double> V) : ILanes<Lanes128>
{
    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(double value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(ref readonly double source) => new(Vector128.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Widen(ref readonly float source) =>
        new(Vector128.WidenLower(Vector64.LoadUnsafe(in source).ToVector128Unsafe()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 value, ref double target) => value.V.StoreUnsafe(ref target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddProduct(Lanes128 sum, Lanes128 left, Lanes128 right) =>
        new(Vector128.FusedMultiplyAdd(left.V, right.V, sum.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SubtractProduct(Lanes128 difference, Lanes128 left, Lanes128 right) =>
        new(Vector128.FusedMultiplyAdd(-left.V, right.V, difference.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Sqrt(Lanes128 value) => new(Vector128.Sqrt(value.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Finite(Lanes128 value) => new(Vector128.Equals(value.V - value.V, Vector128<double>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 WhereSet(Lanes128 mask, Lanes128 value) => new(mask.V & value.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Drop(Lanes128 mask, Lanes128 value) => new(Vector128.AndNot(value.V, mask.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(Lanes128 mask) => mask.V.AsInt64() == Vector128<long>.AllBitsSet;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Min(Lanes128 left, Lanes128 right) => new(Vector128.Min(left.V, right.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Abs(Lanes128 value) => new(Vector128.Abs(value.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LessThan(Lanes128 left, Lanes128 right) => new(Vector128.LessThan(left.V, right.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LessThanOrEqual(Lanes128 left, Lanes128 right) => new(Vector128.LessThanOrEqual(left.V, right.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Select(Lanes128 mask, Lanes128 set, Lanes128 clear) => new(Vector128.ConditionalSelect(mask.V, set.V, clear.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes128 mask) => mask.V.AsInt64() != Vector128<long>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddBits(Lanes128 value, long bits) => new((value.V.AsInt64() + Vector128.Create(bits)).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AndBits(Lanes128 value, long bits) => new((value.V.AsInt64() & Vector128.Create(bits)).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ShiftBitsUp(Lanes128 value, int places) => new((value.V.AsInt64() << places).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ShiftBitsDown(Lanes128 value, int places) => new((value.V.AsInt64() >>> places).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 left, Lanes128 right) => new(left.V + right.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 left, Lanes128 right) => new(left.V - right.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 left, Lanes128 right) => new(left.V * right.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 left, Lanes128 right) => new(left.V / right.V);
}
