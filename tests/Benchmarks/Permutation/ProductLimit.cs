using System.Runtime.Intrinsics;

namespace HpcFit.Benchmarks.Permutation;

/// <summary>
/// The rate of fused multiply-adds of double from registers on one thread: what no matrix product of this machine exceeds.
/// </summary>
internal static class ProductLimit
{
    private const int Rounds = 20_000_000;
    private const int Sums = 16;

    /// <summary>Operations per second of a processor, a multiply-add counted as two.</summary>
    public static double Measure() => 2.0 * Sums * Lanes * Rounds / Repeated.ProcessorSeconds(() => Multiply());

    private static int Lanes => Vector512.IsHardwareAccelerated ? Vector512<double>.Count : Vector256<double>.Count;

    private static double Multiply() => Vector512.IsHardwareAccelerated ? Multiply512() : Multiply256();

    private static double Multiply512()
    {
        var (x, y) = (Vector512.Create(0.999999), Vector512.Create(1e-9));
        Vector512<double> a = x,
            b = x,
            c = x,
            d = x,
            e = x,
            f = x,
            g = x,
            h = x;
        Vector512<double> i = x,
            j = x,
            k = x,
            l = x,
            m = x,
            n = x,
            o = x,
            p = x;
        for (var round = 0; round < Rounds; round++)
        {
            (a, b, c, d) = (Add(a), Add(b), Add(c), Add(d));
            (e, f, g, h) = (Add(e), Add(f), Add(g), Add(h));
            (i, j, k, l) = (Add(i), Add(j), Add(k), Add(l));
            (m, n, o, p) = (Add(m), Add(n), Add(o), Add(p));
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p);

        Vector512<double> Add(Vector512<double> sum) => Vector512.FusedMultiplyAdd(sum, x, y);
    }

    private static double Multiply256()
    {
        var (x, y) = (Vector256.Create(0.999999), Vector256.Create(1e-9));
        Vector256<double> a = x,
            b = x,
            c = x,
            d = x,
            e = x,
            f = x,
            g = x,
            h = x;
        Vector256<double> i = x,
            j = x,
            k = x,
            l = x,
            m = x,
            n = x,
            o = x,
            p = x;
        for (var round = 0; round < Rounds; round++)
        {
            (a, b, c, d) = (Add(a), Add(b), Add(c), Add(d));
            (e, f, g, h) = (Add(e), Add(f), Add(g), Add(h));
            (i, j, k, l) = (Add(i), Add(j), Add(k), Add(l));
            (m, n, o, p) = (Add(m), Add(n), Add(o), Add(p));
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p);

        Vector256<double> Add(Vector256<double> sum) => Vector256.FusedMultiplyAdd(sum, x, y);
    }
}
