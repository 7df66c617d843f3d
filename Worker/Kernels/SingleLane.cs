using System.Runtime.CompilerServices;

namespace HpcFit.Worker.Kernels;

/// <summary>One lane: the plain twin, without SIMD and with the same bits.</summary>
/// <param name="V">The value.</param>
internal readonly record struct SingleLane(double V) : ILanes<SingleLane>
{
    private static readonly double AllBitsSet = BitConverter.UInt64BitsToDouble(ulong.MaxValue);

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane Broadcast(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane Load(ref readonly double source) => new(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane Widen(ref readonly float source) => new(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(SingleLane value, ref double target) => target = value.V;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane AddProduct(SingleLane sum, SingleLane left, SingleLane right) => new(Math.FusedMultiplyAdd(left.V, right.V, sum.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane SubtractProduct(SingleLane difference, SingleLane left, SingleLane right) => new(Math.FusedMultiplyAdd(-left.V, right.V, difference.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane Sqrt(SingleLane value) => new(Math.Sqrt(value.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane Finite(SingleLane value) => new(double.IsFinite(value.V) ? AllBitsSet : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane Keep(SingleLane mask, SingleLane value) => new(All(mask) ? value.V : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane Drop(SingleLane mask, SingleLane value) => new(All(mask) ? 0 : value.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(SingleLane mask) => BitConverter.DoubleToUInt64Bits(mask.V) == ulong.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane Min(SingleLane left, SingleLane right) => new(Math.Min(left.V, right.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane Abs(SingleLane value) => new(Math.Abs(value.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane LessThan(SingleLane left, SingleLane right) => new(left.V < right.V ? AllBitsSet : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane LessThanOrEqual(SingleLane left, SingleLane right) => new(left.V <= right.V ? AllBitsSet : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane Select(SingleLane mask, SingleLane set, SingleLane clear) => All(mask) ? set : clear;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(SingleLane mask) => All(mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane AddBits(SingleLane value, long bits) => new(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value.V) + bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane AndBits(SingleLane value, long bits) => new(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value.V) & bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane ShiftBitsUp(SingleLane value, int places) => new(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value.V) << places));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane ShiftBitsDown(SingleLane value, int places) => new(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value.V) >>> places));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane operator +(SingleLane left, SingleLane right) => new(left.V + right.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane operator -(SingleLane left, SingleLane right) => new(left.V - right.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane operator *(SingleLane left, SingleLane right) => new(left.V * right.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLane operator /(SingleLane left, SingleLane right) => new(left.V / right.V);
}
