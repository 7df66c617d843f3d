using System.Numerics;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// Sorts a column of numbers and returns the index of each. Numbers are first distributed to buckets of neighbouring values, so that only a
/// few numbers, adjacent in the cache, remain to be compared.
/// </summary>
/// <remarks>
/// Buckets are equal steps of the numbers' bits, which are ordered like the numbers (IEEE 754): each power of two has the same number of
/// buckets, so that buckets remain small although p-values are dense near 0.
/// </remarks>
internal static class AscendingOrder
{
    /// <summary>2^18 buckets, whose counters fit into the cache.</summary>
    private const int MaxBucketBits = 18;

    /// <summary>2 numbers per bucket, if they were evenly distributed.</summary>
    private const int PerBucketBits = 1;

    /// <summary>The largest bucket that is sorted by insertion in place.</summary>
    private const int FewInBucket = 64;

    /// <summary>
    /// The numbers among <paramref name="values"/> without NaN, ascending, and the index of each. The order of equal numbers is
    /// unspecified.
    /// </summary>
    public static (double[] Sorted, int[] Order) Sort(ReadOnlySpan<double> values)
    {
        var (count, least, most) = Range(values);
        var bucketBits = Math.Clamp(Bits((ulong)count) - PerBucketBits, 1, MaxBucketBits);
        var shift = Math.Max(0, Bits(most - least) - bucketBits);
        var ends = Starts(values, least, shift, 1 << bucketBits);
        var (sorted, order) = (GC.AllocateUninitializedArray<double>(count), GC.AllocateUninitializedArray<int>(count));
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]))
                continue;
            var at = ends[Bucket(values[i], least, shift)]++;
            (sorted[at], order[at]) = (values[i], i);
        }
        // Filling has advanced the start of each bucket to its end, which is the start of the next bucket.
        var from = 0;
        foreach (var end in ends)
        {
            if (end - from <= FewInBucket)
                Insert(sorted, order, from, end);
            else if (!IsAscending(sorted.AsSpan(from, end - from)))
                sorted.AsSpan(from, end - from).Sort(order.AsSpan(from, end - from));
            from = end;
        }
        return (sorted, order);
    }

    private static void Insert(double[] sorted, int[] order, int from, int end)
    {
        for (var next = from + 1; next < end; next++)
        {
            var (value, index, at) = (sorted[next], order[next], next);
            for (; at > from && sorted[at - 1] > value; at--)
                (sorted[at], order[at]) = (sorted[at - 1], order[at - 1]);
            (sorted[at], order[at]) = (value, index);
        }
    }

    /// <summary>Whether all numbers are equal, as p-values of 0 are.</summary>
    private static bool IsAscending(ReadOnlySpan<double> values)
    {
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
                return false;
        }
        return true;
    }

    private static (int Count, ulong Least, ulong Most) Range(ReadOnlySpan<double> values)
    {
        var (count, least, most) = (0, ulong.MaxValue, ulong.MinValue);
        foreach (var value in values)
        {
            if (double.IsNaN(value))
                continue;
            var key = Key(value);
            (count, least, most) = (count + 1, Math.Min(least, key), Math.Max(most, key));
        }
        return count == 0 ? default : (count, least, most);
    }

    /// <summary>The start of each bucket.</summary>
    private static int[] Starts(ReadOnlySpan<double> values, ulong least, int shift, int buckets)
    {
        var starts = new int[buckets];
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
                starts[Bucket(value, least, shift)]++;
        }
        var next = 0;
        foreach (ref var start in starts.AsSpan())
            (start, next) = (next, next + start);
        return starts;
    }

    private static int Bucket(double value, ulong least, int shift) => (int)((Key(value) - least) >> shift);

    /// <summary>
    /// An integer with the same order as the numbers: all bits of negative numbers and the sign bit of others are inverted.
    /// </summary>
    private static ulong Key(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        return (ulong)(bits ^ ((bits >> 63) | long.MinValue));
    }

    /// <summary>The number of significant bits.</summary>
    private static int Bits(ulong number) => 64 - BitOperations.LeadingZeroCount(number);
}
