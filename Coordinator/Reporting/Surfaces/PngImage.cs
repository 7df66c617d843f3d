using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace HpcFit.Coordinator.Reporting.Surfaces;

/// <summary>Writes pictures of 8-bit red, green and blue as PNG (ISO/IEC 15948:2004).</summary>
internal static class PngImage
{
    private const int Channels = 3;

    /// <summary>Encodes a picture.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="colours">Red, green and blue of each pixel, row by row from the top.</param>
    public static byte[] Encode(int width, int height, ReadOnlySpan<byte> colours)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (8, 2); // 8 bits of true colour; deflate, the five filters, and no interlacing are 0
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "IDAT"u8, Deflate(width * Channels, colours));
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>Each row after its filter: the differences from the row above, which compress well in pictures of areas.</summary>
    private static byte[] Deflate(int rowBytes, ReadOnlySpan<byte> colours)
    {
        const byte differencesFromAbove = 2;
        using var deflated = new MemoryStream();
        using (var stream = new ZLibStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            var row = new byte[1 + rowBytes];
            row[0] = differencesFromAbove;
            for (var start = 0; start < colours.Length; start += rowBytes)
            {
                for (var at = 0; at < rowBytes; at++)
                    row[1 + at] = (byte)(colours[start + at] - (start > 0 ? colours[start + at - rowBytes] : 0));
                stream.Write(row);
            }
        }
        return deflated.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        png.Write(type);
        png.Write(content);
        var checksum = new Crc32();
        checksum.Append(type);
        checksum.Append(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, checksum.GetCurrentHashAsUInt32());
        png.Write(number);
    }
}
