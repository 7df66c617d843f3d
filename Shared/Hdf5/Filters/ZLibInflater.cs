using System.IO.Compression;
using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>.NET's own zlib (zlib-ng). Always there; its stream is a small allocation a chunk, never one an element.</summary>
internal sealed class ZLibInflater : IInflater
{
    /// <inheritdoc/>
    public string Name => "zlib";

    /// <inheritdoc/>
    public string? Inflate(ReadOnlyMemory<byte> stored, Span<byte> inflated)
    {
        // Our stored chunks always lie in arrays.
        _ = MemoryMarshal.TryGetArray(stored, out var segment);
        using var source = new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false);
        using var zlib = new ZLibStream(source, CompressionMode.Decompress);
        try
        {
            var filled = zlib.ReadAtLeast(inflated, inflated.Length, throwOnEndOfStream: false);
            if (filled < inflated.Length)
                return $"its gzip data end after {filled:N0} of {inflated.Length:N0} bytes.";
            // The read beyond the end also makes zlib check its checksum.
            Span<byte> beyond = stackalloc byte[1];
            return zlib.Read(beyond) == 0 ? null : $"its gzip data hold more than the {inflated.Length:N0} bytes of a chunk.";
        }
        catch (InvalidDataException damaged)
        {
            return $"its gzip data are damaged ({damaged.Message}).";
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
