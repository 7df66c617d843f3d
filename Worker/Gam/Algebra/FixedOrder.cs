using System.Runtime.Intrinsics;

namespace HpcFit.Worker.Gam.Algebra;

/// <summary>Sums over long vectors in an order that no instruction set changes.</summary>
internal static class FixedOrder
{
    /// <summary>Σ aᵢ bᵢ in eight partial sums, added in a fixed order: the same bits with and without vector instructions.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector256<double> first = default, second = default;
        var i = 0;
        for (; i + 8 <= a.Length; i += 8)
        {
            first += Vector256.Create(a[i..]) * Vector256.Create(b[i..]);
            second += Vector256.Create(a[(i + 4)..]) * Vector256.Create(b[(i + 4)..]);
        }
        var lanes = first + second;
        var sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary><c>target += factor · source</c>.</summary>
    public static void Add(double factor, ReadOnlySpan<double> source, Span<double> target)
    {
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i + 4 <= target.Length; i += 4)
            (Vector256.Create<double>(target[i..]) + factors * Vector256.Create(source[i..])).CopyTo(target[i..]);
        for (; i < target.Length; i++) target[i] += factor * source[i];
    }
}
