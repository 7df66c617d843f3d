using System.IO.Compression;

namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>
/// Numbers as text for a page: their bytes in planes (first all high bytes, then all lower ones, which compress better), deflated in the
/// zlib format, base64. In the browser, <c>DecompressionStream("deflate")</c> inflates them.
/// </summary>
internal static class DataBlock
{
    /// <summary>Encodes bytes.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        using var deflated = new MemoryStream();
        using (var deflate = new ZLibStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(bytes);
        return Convert.ToBase64String(deflated.GetBuffer(), 0, (int)deflated.Length);
    }

    /// <summary>Encodes 16-bit codes in two planes.</summary>
    public static string Encode(ReadOnlySpan<ushort> codes)
    {
        var planes = new byte[2 * codes.Length];
        for (var at = 0; at < codes.Length; at++)
            (planes[at], planes[codes.Length + at]) = ((byte)(codes[at] >> 8), (byte)codes[at]);
        return Encode(planes);
    }

    /// <summary>Encodes the differences of successive 32-bit integers, the first from 0, in four planes.</summary>
    public static string EncodeDifferences(ReadOnlySpan<int> numbers)
    {
        var (count, before, planes) = (numbers.Length, 0, new byte[4 * numbers.Length]);
        for (var at = 0; at < count; at++)
        {
            var difference = unchecked(numbers[at] - before);
            for (var plane = 0; plane < 4; plane++)
                planes[(plane * count) + at] = (byte)(difference >> (24 - (8 * plane)));
            before = numbers[at];
        }
        return Encode(planes);
    }
}
