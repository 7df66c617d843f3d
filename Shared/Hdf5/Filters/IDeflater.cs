namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>Produces raw deflate streams (RFC 1951). Used by one thread at a time.</summary>
public interface IDeflater : IDisposable
{
    /// <summary>Deflates <paramref name="values"/>; returns the number of bytes produced, or 0 if they do not fit.</summary>
    int Deflate(ReadOnlySpan<byte> values, Memory<byte> destination);
}
