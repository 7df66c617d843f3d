using System.IO.Compression;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>Deflates with .NET's own zlib (zlib-ng). Always available.</summary>
/// <param name="level">The compression level, 0 to 9.</param>
internal sealed class RuntimeDeflater(int level) : IDeflater
{
    private readonly ZLibCompressionOptions _options = new() { CompressionLevel = level };

    /// <inheritdoc/>
    public int Deflate(ReadOnlySpan<byte> values, Memory<byte> destination)
    {
        using var bounded = new BoundedStream(destination);
        using (var deflate = new DeflateStream(bounded, _options, leaveOpen: true))
            deflate.Write(values);
        return bounded.HasOverflowed ? 0 : (int)bounded.Length;
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
