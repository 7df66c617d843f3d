namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>Inflates zlib streams (RFC 1950). One per thread.</summary>
internal interface IInflater : IDisposable
{
    /// <summary>
    /// Inflates <paramref name="stored"/>; returns null if the result fills <paramref name="inflated"/> exactly, otherwise the problem.
    /// </summary>
    string? Inflate(ReadOnlyMemory<byte> stored, Span<byte> inflated);
}
