namespace HpcFit.Worker.Kernels;

/// <summary>One lane: the plain twin, without SIMD and with the same bits.</summary>
/// <param name="V">The value.</param>
internal readonly record struct SingleLane(double V) : ILanes<SingleLane>
{
    private static readonly double AllBitsSet = BitConverter.UInt64BitsToDouble(ulong.MaxValue);

    public static int Count => 1;

    public static SingleLane Broadcast(double value) => new(value);

    public static SingleLane Load(ref readonly double source) => new(source);

    public static SingleLane Widen(ref readonly float source) => new(source);

    public static void Store(SingleLane value, ref double target) => target = value.V;

    public static SingleLane Sqrt(SingleLane value) => new(Math.Sqrt(value.V));

    public static SingleLane Finite(SingleLane value) => new(double.IsFinite(value.V) ? AllBitsSet : 0);

    public static SingleLane Keep(SingleLane mask, SingleLane value) => new(All(mask) ? value.V : 0);

    public static SingleLane Drop(SingleLane mask, SingleLane value) => new(All(mask) ? 0 : value.V);

    public static bool All(SingleLane mask) => BitConverter.DoubleToUInt64Bits(mask.V) == ulong.MaxValue;

    public static SingleLane Min(SingleLane left, SingleLane right) => new(Math.Min(left.V, right.V));

    public static SingleLane operator +(SingleLane left, SingleLane right) => new(left.V + right.V);

    public static SingleLane operator -(SingleLane left, SingleLane right) => new(left.V - right.V);

    public static SingleLane operator *(SingleLane left, SingleLane right) => new(left.V * right.V);

    public static SingleLane operator /(SingleLane left, SingleLane right) => new(left.V / right.V);
}
