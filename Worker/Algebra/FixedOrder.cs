using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HpcFit.Worker.Algebra;

/// <summary>Sums over long vectors in an order independent of the instruction set.</summary>
internal static class FixedOrder
{
    /// <summary>Σ aᵢ bᵢ in eight partial sums, added in a fixed order: the same bits with and without vector instructions.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        b = b[..a.Length];
        ref var left = ref MemoryMarshal.GetReference(a);
        ref var right = ref MemoryMarshal.GetReference(b);
        Vector256<double> first = default,
            second = default;
        var i = 0;
        for (; i + 8 <= a.Length; i += 8)
        {
            first += Vector256.LoadUnsafe(ref left, (nuint)i) * Vector256.LoadUnsafe(ref right, (nuint)i);
            second += Vector256.LoadUnsafe(ref left, (nuint)i + 4) * Vector256.LoadUnsafe(ref right, (nuint)i + 4);
        }
        var lanes = first + second;
        var sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary><c>target += factor · source</c>.</summary>
    public static void Add(double factor, ReadOnlySpan<double> source, Span<double> target)
    {
        source = source[..target.Length];
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i + 4 <= target.Length; i += 4)
            (Vector256.LoadUnsafe(ref to, (nuint)i) + factors * Vector256.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (; i < target.Length; i++)
            target[i] += factor * source[i];
    }

    /// <summary><c>target = Σ factorₗ · rowₗ</c>, in the order of rows; with as many columns as <paramref name="target"/> has
    /// entries.</summary>
    public static void Combine(ReadOnlySpan<double> factors, ReadOnlySpan<double> rows, Span<double> target)
    {
        target.Clear();
        AddCombined(factors, rows, target);
    }

    /// <summary><c>target += Σ factorₗ · rowₗ</c>, likewise.</summary>
    public static void AddCombined(ReadOnlySpan<double> factors, ReadOnlySpan<double> rows, Span<double> target)
    {
        var columns = target.Length;
        rows = rows[..(factors.Length * columns)];
        ref var from = ref MemoryMarshal.GetReference(rows);
        ref var to = ref MemoryMarshal.GetReference(target);
        var j = 0;
        // Sums of several registers do not wait for each other.
        for (; j + 12 <= columns; j += 12)
        {
            Vector256<double> first = Vector256.LoadUnsafe(ref to, (nuint)j),
                second = Vector256.LoadUnsafe(ref to, (nuint)j + 4),
                third = Vector256.LoadUnsafe(ref to, (nuint)j + 8);
            for (int l = 0, at = j; l < factors.Length; l++, at += columns)
            {
                var factor = Vector256.Create(factors[l]);
                first += factor * Vector256.LoadUnsafe(ref from, (nuint)at);
                second += factor * Vector256.LoadUnsafe(ref from, (nuint)at + 4);
                third += factor * Vector256.LoadUnsafe(ref from, (nuint)at + 8);
            }
            first.StoreUnsafe(ref to, (nuint)j);
            second.StoreUnsafe(ref to, (nuint)j + 4);
            third.StoreUnsafe(ref to, (nuint)j + 8);
        }
        for (; j + 8 <= columns; j += 8)
        {
            Vector256<double> first = Vector256.LoadUnsafe(ref to, (nuint)j),
                second = Vector256.LoadUnsafe(ref to, (nuint)j + 4);
            for (int l = 0, at = j; l < factors.Length; l++, at += columns)
            {
                var factor = Vector256.Create(factors[l]);
                first += factor * Vector256.LoadUnsafe(ref from, (nuint)at);
                second += factor * Vector256.LoadUnsafe(ref from, (nuint)at + 4);
            }
            first.StoreUnsafe(ref to, (nuint)j);
            second.StoreUnsafe(ref to, (nuint)j + 4);
        }
        for (; j + 4 <= columns; j += 4)
        {
            var sum = Vector256.LoadUnsafe(ref to, (nuint)j);
            for (int l = 0, at = j; l < factors.Length; l++, at += columns)
                sum += Vector256.Create(factors[l]) * Vector256.LoadUnsafe(ref from, (nuint)at);
            sum.StoreUnsafe(ref to, (nuint)j);
        }
        for (; j < columns; j++)
        {
            var sum = target[j];
            for (var l = 0; l < factors.Length; l++)
                sum += factors[l] * rows[(l * columns) + j];
            target[j] = sum;
        }
    }

    /// <summary><c>target = factor · source</c>.</summary>
    public static void Scale(double factor, ReadOnlySpan<double> source, Span<double> target)
    {
        source = source[..target.Length];
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i + 4 <= target.Length; i += 4)
            (factors * Vector256.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (; i < target.Length; i++)
            target[i] = factor * source[i];
    }

    /// <summary>The products aᵢ bᵢ.</summary>
    public static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> target)
    {
        a = a[..target.Length];
        b = b[..target.Length];
        ref var left = ref MemoryMarshal.GetReference(a);
        ref var right = ref MemoryMarshal.GetReference(b);
        ref var to = ref MemoryMarshal.GetReference(target);
        var i = 0;
        for (; i + 4 <= target.Length; i += 4)
            (Vector256.LoadUnsafe(ref left, (nuint)i) * Vector256.LoadUnsafe(ref right, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (; i < target.Length; i++)
            target[i] = a[i] * b[i];
    }
}
