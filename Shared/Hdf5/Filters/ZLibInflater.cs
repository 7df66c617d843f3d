using System.IO.Compression;
using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>Inflates with .NET's own zlib (zlib-ng). Always available; it makes one small allocation per chunk, none per element.</summary>
internal sealed class ZLibInflater : IInflater
{
    /// <inheritdoc/>
    public string? Inflate(ReadOnlyMemory<byte> stored, Span<byte> inflated)
    {
        // Stored chunks are always in arrays.
        _ = MemoryMarshal.TryGetArray(stored, out var segment);
        using var source = new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false);
        using var zlib = new ZLibStream(source, CompressionMode.Decompress);
        try
        {
            var filled = zlib.ReadAtLeast(inflated, inflated.Length, throwOnEndOfStream: false);
            if (filled < inflated.Length)
                return $"its gzip data end after {filled:N0} of {inflated.Length:N0} bytes.";
            // Reading beyond the end also makes zlib verify the checksum.
            Span<byte> beyond = stackalloc byte[1];
            return zlib.Read(beyond) == 0 ? null : $"its gzip data contain more than the {inflated.Length:N0} bytes of a chunk.";
        }
        catch (InvalidDataException damaged)
        {
            return $"its gzip data are damaged ({damaged.Message}).";
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
