using System.IO.Compression;

namespace HpcFit.Coordinator.Writing;

/// <summary>.NET's own zlib (zlib-ng). Always there.</summary>
/// <param name="level">0 to 9.</param>
internal sealed class ZLibDeflater(int level) : IDeflater
{
    private readonly ZLibCompressionOptions _options = new() { CompressionLevel = level };

    /// <inheritdoc/>
    public int Deflate(ReadOnlySpan<byte> values, byte[] destination)
    {
        using var bounded = new BoundedStream(destination);
        using (var zlib = new ZLibStream(bounded, _options, leaveOpen: true)) zlib.Write(values);
        return bounded.HasOverflowed ? 0 : (int)bounded.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
