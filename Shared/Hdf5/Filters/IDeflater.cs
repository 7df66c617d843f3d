namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>Makes raw deflate streams (RFC 1951). One a thread at a time.</summary>
public interface IDeflater : IDisposable
{
    /// <summary>Deflates <paramref name="values"/>; returns the bytes made, or 0 when they do not fit.</summary>
    int Deflate(ReadOnlySpan<byte> values, Memory<byte> destination);
}
