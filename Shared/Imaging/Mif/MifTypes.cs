using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Shared.Imaging.Mif;

/// <summary>MRtrix's names of sample types.</summary>
/// <remarks>MRtrix3 documentation, "Supported image formats", data types.</remarks>
internal static class MifTypes
{
    /// <summary>The type and byte order of a name such as <c>Float32LE</c>; without a suffix, the machine's byte order.</summary>
    /// <exception cref="BadInputException">The type is complex, single-bit or unknown.</exception>
    public static (SampleType Type, bool BigEndian) From(string name, string path)
    {
        var bigEndian = name.EndsWith("BE", StringComparison.OrdinalIgnoreCase);
        var plain = bigEndian || name.EndsWith("LE", StringComparison.OrdinalIgnoreCase) ? name[..^2] : name;
        foreach (var type in Enum.GetValues<SampleType>())
        {
            var isNamed =
                plain.Equals(type.ToString(), StringComparison.OrdinalIgnoreCase) && (type.Size() > 1 || plain.Length == name.Length);
            if (isNamed)
                return (type, bigEndian || (plain.Length == name.Length && !BitConverter.IsLittleEndian));
        }
        throw new BadInputException(
            $"'{path}' holds samples of type '{name}'; integers of 8 to 64 bits or floating point are expected. mrconvert "
                + $"{System.IO.Path.GetFileName(path)} "
                + "new.mif -datatype float32 makes such a file"
                + (
                    name.StartsWith("CFloat", StringComparison.OrdinalIgnoreCase)
                        ? " of real ones; 'mrcalc' takes the magnitude (-abs) or the real part (-real) " + "of complex ones."
                        : "."
                )
        );
    }
}
