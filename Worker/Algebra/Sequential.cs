namespace HpcFit.Worker.Algebra;

/// <summary>
/// Sums over short vectors, one entry after the other. Long ones are summed by <see cref="FixedOrder"/>, whose partial sums round
/// differently.
/// </summary>
internal static class Sequential
{
    /// <summary>Σ aᵢ bᵢ from the first entry to the last; <paramref name="b"/> may be longer.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => AddDot(0, a, b);

    /// <summary>The same, added to a sum product by product.</summary>
    public static double AddDot(double sum, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
