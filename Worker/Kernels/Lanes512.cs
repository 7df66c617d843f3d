using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HpcFit.Worker.Kernels;

/// <summary>Eight lanes: AVX-512.</summary>
/// <param name="V">The register.</param>
internal readonly record struct Lanes512(Vector512<double> V) : ILanes<Lanes512>
{
    public static int Count => 8;

    public static Lanes512 Broadcast(double value) => new(Vector512.Create(value));

    public static Lanes512 Load(ref readonly double source) => new(Vector512.LoadUnsafe(in source));

    public static Lanes512 Widen(ref readonly float source) =>
        new(Avx512F.ConvertToVector512Double(Vector256.LoadUnsafe(in source)));

    public static void Store(Lanes512 value, ref double target) => value.V.StoreUnsafe(ref target);

    public static Lanes512 Sqrt(Lanes512 value) => new(Vector512.Sqrt(value.V));

    public static Lanes512 Finite(Lanes512 value) => new(Vector512.Equals(value.V - value.V, Vector512<double>.Zero));

    public static Lanes512 Keep(Lanes512 mask, Lanes512 value) => new(mask.V & value.V);

    public static Lanes512 Drop(Lanes512 mask, Lanes512 value) => new(Vector512.AndNot(value.V, mask.V));

    public static bool All(Lanes512 mask) => mask.V.AsInt64() == Vector512<long>.AllBitsSet;

    public static Lanes512 Min(Lanes512 left, Lanes512 right) => new(Vector512.Min(left.V, right.V));

    public static Lanes512 operator +(Lanes512 left, Lanes512 right) => new(left.V + right.V);

    public static Lanes512 operator -(Lanes512 left, Lanes512 right) => new(left.V - right.V);

    public static Lanes512 operator *(Lanes512 left, Lanes512 right) => new(left.V * right.V);

    public static Lanes512 operator /(Lanes512 left, Lanes512 right) => new(left.V / right.V);
}
