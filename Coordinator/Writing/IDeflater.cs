namespace HpcFit.Coordinator.Writing;

/// <summary>Makes zlib streams (RFC 1950), which is what HDF5's gzip filter stores. One a thread at a time.</summary>
internal interface IDeflater : IDisposable
{
    /// <summary>Deflates <paramref name="values"/>; returns the bytes made, or 0 when they do not fit.</summary>
    int Deflate(ReadOnlySpan<byte> values, byte[] destination);
}
