using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Partials;

/// <summary>A frame of a partial file whose checksum was verified.</summary>
/// <param name="Path">The partial file.</param>
/// <param name="Elements">The elements whose results it contains.</param>
/// <param name="ColumnsOffset">File offset of its columns: column-major little-endian float64.</param>
/// <param name="StatusOffset">File offset of its status codes, one byte per element.</param>
/// <param name="Read">Digests of the stored bytes that were fitted.</param>
/// <param name="Checksum">XxHash3 over run, ranges, shape and content.</param>
public readonly record struct PartialBlock(
    string Path,
    ElementRange Elements,
    long ColumnsOffset,
    long StatusOffset,
    StripeDigest Read,
    ulong Checksum
);
