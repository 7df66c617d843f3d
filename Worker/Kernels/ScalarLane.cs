using System.Runtime.CompilerServices;

namespace HpcFit.Worker.Kernels;

/// <summary>One lane, without SIMD: the same bits as the other registers.</summary>
/// <param name="V">The value.</param>
internal readonly record struct ScalarLane(double V) : ILanes<ScalarLane>
{
    private static readonly double AllBitsSet = BitConverter.UInt64BitsToDouble(ulong.MaxValue);

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Broadcast(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Load(ref readonly double source) => new(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Widen(ref readonly float source) => new(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ScalarLane value, ref double target) => target = value.V;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane AddProduct(ScalarLane sum, ScalarLane left, ScalarLane right) =>
        new(Math.FusedMultiplyAdd(left.V, right.V, sum.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane SubtractProduct(ScalarLane difference, ScalarLane left, ScalarLane right) =>
        new(Math.FusedMultiplyAdd(-left.V, right.V, difference.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Sqrt(ScalarLane value) => new(Math.Sqrt(value.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Finite(ScalarLane value) => new(double.IsFinite(value.V) ? AllBitsSet : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane WhereSet(ScalarLane mask, ScalarLane value) => new(All(mask) ? value.V : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Drop(ScalarLane mask, ScalarLane value) => new(All(mask) ? 0 : value.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(ScalarLane mask) => BitConverter.DoubleToUInt64Bits(mask.V) == ulong.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Min(ScalarLane left, ScalarLane right) => new(Math.Min(left.V, right.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Abs(ScalarLane value) => new(Math.Abs(value.V));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane LessThan(ScalarLane left, ScalarLane right) => new(left.V < right.V ? AllBitsSet : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane LessThanOrEqual(ScalarLane left, ScalarLane right) => new(left.V <= right.V ? AllBitsSet : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Select(ScalarLane mask, ScalarLane set, ScalarLane clear) => All(mask) ? set : clear;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(ScalarLane mask) => All(mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane AddBits(ScalarLane value, long bits) =>
        new(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value.V) + bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane AndBits(ScalarLane value, long bits) =>
        new(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value.V) & bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane ShiftBitsUp(ScalarLane value, int places) =>
        new(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value.V) << places));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane ShiftBitsDown(ScalarLane value, int places) =>
        new(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value.V) >>> places));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator +(ScalarLane left, ScalarLane right) => new(left.V + right.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator -(ScalarLane left, ScalarLane right) => new(left.V - right.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator *(ScalarLane left, ScalarLane right) => new(left.V * right.V);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator /(ScalarLane left, ScalarLane right) => new(left.V / right.V);
}
