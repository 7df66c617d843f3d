using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Partials;

/// <summary>A frame of a partial file whose checksum was found right.</summary>
/// <param name="Path">The partial file.</param>
/// <param name="Elements">Its elements.</param>
/// <param name="ColumnsOffset">Where its columns begin in the file: column-major little-endian float64.</param>
/// <param name="StatusOffset">Where its status codes begin.</param>
/// <param name="Read">What its values came from.</param>
/// <param name="Checksum">Over run, ranges, shape and content.</param>
public readonly record struct PartialBlock(
    string Path,
    ElementRange Elements,
    long ColumnsOffset,
    long StatusOffset,
    StripeDigest Read,
    ulong Checksum
);
