namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>Inflates zlib streams (RFC 1950). One a thread.</summary>
internal interface IInflater : IDisposable
{
    /// <summary>The name by which <c>HPCFIT_INFLATE</c> selects it.</summary>
    string Name { get; }

    /// <summary>
    /// Inflates <paramref name="stored"/>; returns null when it filled <paramref name="inflated"/> exactly, else what is wrong.
    /// </summary>
    string? Inflate(ReadOnlyMemory<byte> stored, Span<byte> inflated);
}
