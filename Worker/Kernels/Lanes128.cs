using System.Runtime.Intrinsics;

namespace HpcFit.Worker.Kernels;

/// <summary>Two lanes: SSE2, or NEON.</summary>
/// <param name="V">The register.</param>
internal readonly record struct Lanes128(Vector128<double> V) : ILanes<Lanes128>
{
    public static int Count => 2;

    public static Lanes128 Broadcast(double value) => new(Vector128.Create(value));

    public static Lanes128 Load(ref readonly double source) => new(Vector128.LoadUnsafe(in source));

    public static Lanes128 Widen(ref readonly float source) =>
        new(Vector128.WidenLower(Vector64.LoadUnsafe(in source).ToVector128Unsafe()));

    public static void Store(Lanes128 value, ref double target) => value.V.StoreUnsafe(ref target);

    public static Lanes128 Sqrt(Lanes128 value) => new(Vector128.Sqrt(value.V));

    public static Lanes128 Finite(Lanes128 value) => new(Vector128.Equals(value.V - value.V, Vector128<double>.Zero));

    public static Lanes128 Keep(Lanes128 mask, Lanes128 value) => new(mask.V & value.V);

    public static Lanes128 Drop(Lanes128 mask, Lanes128 value) => new(Vector128.AndNot(value.V, mask.V));

    public static bool All(Lanes128 mask) => mask.V.AsInt64() == Vector128<long>.AllBitsSet;

    public static Lanes128 Min(Lanes128 left, Lanes128 right) => new(Vector128.Min(left.V, right.V));

    public static Lanes128 operator +(Lanes128 left, Lanes128 right) => new(left.V + right.V);

    public static Lanes128 operator -(Lanes128 left, Lanes128 right) => new(left.V - right.V);

    public static Lanes128 operator *(Lanes128 left, Lanes128 right) => new(left.V * right.V);

    public static Lanes128 operator /(Lanes128 left, Lanes128 right) => new(left.V / right.V);
}
