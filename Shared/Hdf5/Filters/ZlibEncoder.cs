using System.Buffers.Binary;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>
/// Produces zlib streams (RFC 1950), which HDF5's gzip filter stores. Noise at the beginning is stored uncompressed, which saves a futile
/// search for repetitions: HDF5's shuffle places the low bytes of all numbers there, half of a float32 chunk and three quarters of a
/// float64 one. Only at the beginning, because a deflater's output ends the stream. Used by one thread at a time; owns the deflater.
/// </summary>
public sealed class ZlibEncoder(IDeflater deflater) : IDisposable
{
    private const int SampleBytes = 4096;
    private const int HeaderBytes = 2;
    private const ushort Header = 0x7801; // deflate, a window of 32 KiB, quick; a multiple of 31 (RFC 1950, 2.2)

    /// <summary>Creates an encoder with libdeflate if installed, otherwise with .NET's zlib.</summary>
    /// <param name="level">zlib's compression level, 0 to 9.</param>
    public static ZlibEncoder Create(int level) => new(LibdeflateDeflater.TryCreate(level) ?? (IDeflater)new RuntimeDeflater(level));

    /// <summary>
    /// Encodes <paramref name="values"/>; returns the length of the stream, or 0 if it does not fit or all values are noise.
    /// </summary>
    public int Encode(ReadOnlySpan<byte> values, Memory<byte> destination)
    {
        var noise = NoiseAtStart(values, destination);
        var (at, end) = (HeaderBytes + StoredBlocks.Length(noise), destination.Length - sizeof(uint));
        if (noise == values.Length || at >= end)
            return 0;
        var deflated = deflater.Deflate(values[noise..], destination[at..end]);
        if (deflated == 0)
            return 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination.Span, Header);
        StoredBlocks.Write(values[..noise], destination.Span[HeaderBytes..]);
        BinaryPrimitives.WriteUInt32BigEndian(destination.Span[(at + deflated)..], Adler32.Compute(values));
        return at + deflated + sizeof(uint);
    }

    /// <inheritdoc/>
    public void Dispose() => deflater.Dispose();

    /// <summary>
    /// The number of bytes at the beginning that are noise, in whole blocks, judged by a sample from the middle of each: its bytes are
    /// uniformly distributed, and the deflater finds no repetitions in it.
    /// </summary>
    private int NoiseAtStart(ReadOnlySpan<byte> values, Memory<byte> scratch)
    {
        var noise = 0;
        while (values.Length - noise >= StoredBlocks.MaxBytes && scratch.Length >= SampleBytes)
        {
            var sample = values.Slice(noise + ((StoredBlocks.MaxBytes - SampleBytes) / 2), SampleBytes);
            if (!Noise.LooksRandom(sample) || deflater.Deflate(sample, scratch[..SampleBytes]) != 0)
                break;
            noise += StoredBlocks.MaxBytes;
        }
        return noise;
    }
}
