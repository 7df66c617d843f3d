namespace HpcFit.Coordinator.Merging;

/// <summary>Hommel's adjusted p-values in n log n instead of n².</summary>
/// <remarks>
/// Meijer, Krebs and Goeman 2019, "Hommel's procedure in linear time", Biometrical Journal 61:73-82. With p(1) ≤ … ≤ p(m), let
/// s(i) = min over j = 1…i of i p(m−i+j)/j be Simes' p-value of the i largest, and h(α) the largest i with s(i) &gt; α. A hypothesis with
/// p-value p is rejected at level α when h(α) p ≤ α, so its adjusted value is the least such α. With σ(i) = max over j ≥ i of s(j), it is
/// min over i of max(i p, σ(i+1)). s(i)/i is the least slope from the point (m−i, 0) to the points (k, p(k)) to its right, so its k
/// lies on their lower convex hull, where a binary search finds it.
/// </remarks>
internal static class HommelCorrection
{
    /// <summary>Replaces ascending p-values by their adjusted values.</summary>
    public static void Correct(Span<double> sorted)
    {
        var m = sorted.Length;
        var sigma = SimesOfLargest(sorted);
        for (var i = m - 1; i >= 1; i--)
            sigma[i] = Math.Max(sigma[i], sigma[i + 1]);

        // i is the least one with i p ≥ σ(i+1); it falls as p grows.
        var crossing = m;
        foreach (ref var p in sorted)
        {
            while (crossing > 0 && (crossing - 1) * p >= sigma[crossing])
                crossing--;
            p = crossing == 0 ? 0 : Math.Min(crossing * p, sigma[crossing]);
        }
    }

    /// <summary>s(1)…s(m) at their own index; index 0 is unused and index m+1 is 0.</summary>
    private static double[] SimesOfLargest(ReadOnlySpan<double> sorted)
    {
        var m = sorted.Length;
        var simes = new double[m + 2];
        var hull = new int[m];
        var size = 0;
        for (var i = 1; i <= m; i++)
        {
            // Add the point (k, p(k)) with k = m−i+1 on the left; the top of the stack is the leftmost vertex.
            var k = m - i + 1;
            while (size >= 2 && !TurnsUp(sorted, k, hull[size - 1], hull[size - 2]))
                size--;
            hull[size++] = k;
            simes[i] = i * MinSlope(sorted, hull.AsSpan(0, size), m - i);
        }
        return simes;
    }

    /// <summary>Whether the middle of three points, from left to right, lies below the line through the outer two.</summary>
    private static bool TurnsUp(ReadOnlySpan<double> sorted, int left, int middle, int right)
    {
        var (a, b, c) = (sorted[left - 1], sorted[middle - 1], sorted[right - 1]);
        return (b - a) * (right - middle) < (c - b) * (middle - left);
    }

    /// <summary>
    /// The least slope from (<paramref name="origin"/>, 0) to a vertex. Along the hull the slope decreases, then increases.
    /// </summary>
    private static double MinSlope(ReadOnlySpan<double> sorted, ReadOnlySpan<int> hull, int origin)
    {
        int low = 0,
            high = hull.Length - 1;
        while (low < high)
        {
            // hull[middle + 1] is the left neighbour of hull[middle].
            var middle = (low + high) >>> 1;
            if (Slope(sorted, hull[middle], origin) < Slope(sorted, hull[middle + 1], origin))
                high = middle;
            else
                low = middle + 1;
        }
        return Slope(sorted, hull[low], origin);
    }

    private static double Slope(ReadOnlySpan<double> sorted, int k, int origin) => sorted[k - 1] / (k - origin);
}
