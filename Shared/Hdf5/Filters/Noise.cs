namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>
/// Tells bytes that look drawn evenly from all 256, as the low bytes of measured floating-point numbers do: no prefix code shortens them.
/// </summary>
/// <remarks>
/// Pearson's chi-square of the byte counts against even ones. Over noise it has the mean 255 and the standard deviation √510; n bytes that
/// a code could shorten to the share 1 - d have about 255 + 16 n d ln 2 (their entropy to the second order).
/// </remarks>
internal static class Noise
{
    /// <summary>Eight standard deviations above the mean: of 4,096 bytes, those that lack less than 0.4 % of noise's entropy.</summary>
    private const int LargestStatistic = 436;

    /// <summary>Whether the bytes' counts are even.</summary>
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
