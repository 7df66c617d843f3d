using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Nifti;

/// <summary>NIfTI's codes of sample types.</summary>
internal static class NiftiTypes
{
    private const short Int16 = 4;
    private const short Float32 = 16;

    /// <summary>The code of a type that maps have.</summary>
    public static short Code(SampleType type) =>
        type switch
        {
            SampleType.Float32 => Float32,
            SampleType.Int16 => Int16,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no map has samples of this type"),
        };

    /// <summary>The type for a code.</summary>
    /// <exception cref="BadInputException">The type is complex, colour, 128-bit, single-bit or unknown.</exception>
    public static SampleType From(int code, string path) =>
        code switch
        {
            2 => SampleType.UInt8,
            256 => SampleType.Int8,
            512 => SampleType.UInt16,
            Int16 => SampleType.Int16,
            768 => SampleType.UInt32,
            8 => SampleType.Int32,
            1280 => SampleType.UInt64,
            1024 => SampleType.Int64,
            Float32 => SampleType.Float32,
            64 => SampleType.Float64,
            _ => throw new BadInputException(
                $"'{path}' contains {Refused(code)}; integers of 8 to 64 bits, float32 or float64 are expected."
            ),
        };

    private static string Refused(int code) =>
        code switch
        {
            32 or 1792 or 2048 => $"complex samples (NIfTI type {code}). Take the magnitude or the real part first",
            128 or 2304 => $"colours (NIfTI type {code})",
            1 => "single-bit samples (NIfTI type 1)",
            1536 => "128-bit floating point (NIfTI type 1536)",
            _ => $"samples of the unknown NIfTI type {code}",
        };
}
