namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>
/// Recognises bytes that look uniformly distributed, as the low bytes of measured floating-point numbers do: no prefix code shortens them.
/// </summary>
/// <remarks>
/// Pearson's chi-square statistic of the byte counts against equal ones. For noise it has mean 255 and standard deviation √510;
/// for n bytes that a code could shorten by the fraction d its mean is about 255 + 16 n d ln 2 (from the entropy to second order).
/// </remarks>
internal static class Noise
{
    /// <summary>Eight standard deviations above the mean: of 4,096 bytes, those whose entropy is within 0.4 % of that of noise.</summary>
    private const int LargestStatistic = 436;

    /// <summary>Whether the bytes are compatible with a uniform distribution.</summary>
    public static bool LooksRandom(ReadOnlySpan<byte> bytes)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (var value in bytes)
            counts[value]++;
        long squares = 0;
        foreach (var count in counts)
            squares += (long)count * count;
        return squares * 256 <= (long)bytes.Length * (bytes.Length + LargestStatistic);
    }
}
