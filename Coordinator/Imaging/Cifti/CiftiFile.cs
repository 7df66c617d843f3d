using System.Buffers.Binary;
using HpcFit.Coordinator.Imaging.Nifti;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Cifti;

/// <summary>
/// A CIFTI-2 file with one value per element: a map over greyordinates (<c>.dscalar.nii</c>) or parcels (<c>.pscalar.nii</c>), or a matrix
/// of parcels by parcels (<c>.pconn.nii</c>), whose elements are numbered with the second dimension varying fastest.
/// </summary>
/// <param name="Nifti">The NIfTI-2 file that contains it.</param>
/// <param name="Image">The samples: only the matrix.</param>
/// <param name="First">The dimension that varies fastest in the file.</param>
/// <param name="Second">The other dimension.</param>
internal sealed record CiftiFile(NiftiFile Nifti, ImageHeader Image, CiftiAxis First, CiftiAxis Second)
{
    private const int LeadingAxes = 4;
    private const int ExtensionCode = 32;
    private const int ExtensionAlignment = 16;

    /// <summary>The extension of the file's kind.</summary>
    public string Ending =>
        First.Kind == CiftiAxisKind.Parcels ? ".pconn.nii"
        : Second.Kind == CiftiAxisKind.BrainModels ? ".dscalar.nii"
        : ".pscalar.nii";

    /// <summary>The number of elements.</summary>
    public int Elements => checked(Image.Shape[0] * Image.Shape[1]);

    /// <summary>Reads the header.</summary>
    /// <exception cref="BadInputException">Not a CIFTI-2 file, damaged, or of a kind without one value per element.</exception>
    public static CiftiFile Read(string path)
    {
        var nifti = NiftiFile.Read(path);
        var axes = CiftiXml.Axes(Extension(nifti, path), path);
        var (first, second) = (axes[0], axes[1]);
        RequireKind(path, first, second);
        var shape = nifti.Image.Shape;
        if (
            shape.Count != LeadingAxes + 2
            || shape.Take(LeadingAxes).Any(extent => extent != 1)
            || shape[4] != first.Count
            || shape[5] != second.Count
        )
            throw new BadInputException(
                $"'{path}' is damaged: its samples have the shape {nifti.Image.ShapeText}, its description says 1 x 1 x 1 x 1 x "
                    + $"{first.Count} x {second.Count}."
            );
        return new(nifti, nifti.Image with { Shape = [shape[4], shape[5]], Strides = [1, shape[4]] }, first, second);
    }

    /// <summary>The bytes before the samples of a map like this file.</summary>
    /// <param name="type">The samples' type.</param>
    /// <param name="name">The name of the map.</param>
    /// <param name="description">What it shows: metadata of the matrix.</param>
    /// <param name="shortDescription">The same for the NIfTI header.</param>
    public byte[] HeadForMap(SampleType type, string name, string description, string shortDescription)
    {
        var (at, size) = Place(Nifti, Image.Path);
        var xml = CiftiXml.Describe(Nifti.Extensions.AsSpan(at + 8, size - 8), name, description);
        var padded = (xml.Length + 8 + ExtensionAlignment - 1) / ExtensionAlignment * ExtensionAlignment;
        var extension = new byte[padded];
        Write(extension, padded);
        Write(extension.AsSpan(4), ExtensionCode);
        xml.CopyTo(extension.AsSpan(8));
        byte[] extensions = [.. Nifti.Extensions.AsSpan(0, at), .. extension, .. Nifti.Extensions.AsSpan(at + size)];
        return
        [
            .. Nifti.Fields.ForMap(type, shortDescription).WithDataOffset(Nifti.Fields.Bytes.Length + extensions.Length).Bytes,
            .. extensions,
        ];

        void Write(Span<byte> to, int number)
        {
            if (Nifti.Fields.BigEndian)
                BinaryPrimitives.WriteInt32BigEndian(to, number);
            else
                BinaryPrimitives.WriteInt32LittleEndian(to, number);
        }
    }

    private static void RequireKind(string path, CiftiAxis first, CiftiAxis second)
    {
        var known =
            (first.Kind, second.Kind)
            is
                (CiftiAxisKind.Scalars, CiftiAxisKind.BrainModels)
                or
                (CiftiAxisKind.Scalars, CiftiAxisKind.Parcels)
                or
                (CiftiAxisKind.Parcels, CiftiAxisKind.Parcels);
        if (!known)
            throw new BadInputException(
                $"'{path}' is a CIFTI matrix of {first.Kind} by {second.Kind}; Scalars by BrainModels (.dscalar.nii), Scalars by Parcels "
                    + "(.pscalar.nii) and Parcels by Parcels (.pconn.nii) are converted."
            );
        if (first.Kind == CiftiAxisKind.Scalars && first.Count != 1)
            throw new BadInputException(
                $"'{path}' contains {first.Count} maps; one is expected, that of one subject. 'wb_command -cifti-merge OUT -cifti "
                    + $"{System.IO.Path.GetFileName(path)} -column 1' extracts one."
            );
    }

    private static ReadOnlySpan<byte> Extension(NiftiFile nifti, string path)
    {
        var (at, size) = Place(nifti, path);
        return nifti.Extensions.AsSpan(at + 8, size - 8);
    }

    /// <summary>
    /// The CIFTI description among the extensions, which follow the four extender bytes: size (including its own 8 bytes), code, content.
    /// </summary>
    private static (int At, int Size) Place(NiftiFile nifti, string path)
    {
        var bytes = nifti.Extensions.AsSpan();
        for (var at = 4; nifti.Fields.Version == 2 && bytes.Length >= at + 8 && bytes[0] != 0; )
        {
            var (size, code) = (Int32(bytes[at..]), Int32(bytes[(at + 4)..]));
            if (size < 8 || size > bytes.Length - at)
                break;
            if (code == ExtensionCode)
                return (at, size);
            at += size;
        }
        throw new BadInputException(
            $"'{path}' is not a CIFTI-2 file: it has no CIFTI description (NIfTI-2 header extension {ExtensionCode}). If it is a NIfTI "
                + "volume, give it the extension .nii."
        );

        int Int32(ReadOnlySpan<byte> from) =>
            nifti.Fields.BigEndian ? BinaryPrimitives.ReadInt32BigEndian(from) : BinaryPrimitives.ReadInt32LittleEndian(from);
    }
}
