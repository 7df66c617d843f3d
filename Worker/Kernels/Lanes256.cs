using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HpcFit.Worker.Kernels;

/// <summary>Four lanes: AVX.</summary>
/// <param name="V">The register.</param>
internal readonly record struct Lanes256(Vector256<double> V) : ILanes<Lanes256>
{
    public static int Count => 4;

    public static Lanes256 Broadcast(double value) => new(Vector256.Create(value));

    public static Lanes256 Load(ref readonly double source) => new(Vector256.LoadUnsafe(in source));

    public static Lanes256 Widen(ref readonly float source) =>
        new(Avx.ConvertToVector256Double(Vector128.LoadUnsafe(in source)));

    public static void Store(Lanes256 value, ref double target) => value.V.StoreUnsafe(ref target);

    public static Lanes256 Sqrt(Lanes256 value) => new(Vector256.Sqrt(value.V));

    public static Lanes256 Finite(Lanes256 value) => new(Vector256.Equals(value.V - value.V, Vector256<double>.Zero));

    public static Lanes256 Keep(Lanes256 mask, Lanes256 value) => new(mask.V & value.V);

    public static Lanes256 Drop(Lanes256 mask, Lanes256 value) => new(Vector256.AndNot(value.V, mask.V));

    public static bool All(Lanes256 mask) => mask.V.AsInt64() == Vector256<long>.AllBitsSet;

    public static Lanes256 Min(Lanes256 left, Lanes256 right) => new(Vector256.Min(left.V, right.V));

    public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left.V + right.V);

    public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left.V - right.V);

    public static Lanes256 operator *(Lanes256 left, Lanes256 right) => new(left.V * right.V);

    public static Lanes256 operator /(Lanes256 left, Lanes256 right) => new(left.V / right.V);
}
