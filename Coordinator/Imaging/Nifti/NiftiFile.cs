using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Nifti;

/// <summary>The header of a NIfTI-1 or NIfTI-2 file: its fields, and everything before the samples as stored.</summary>
/// <param name="Image">The description of the samples.</param>
/// <param name="Fields">The header's fields.</param>
/// <param name="Extensions">The bytes from the header's end to the samples: the extender and the extensions.</param>
internal sealed record NiftiFile(ImageHeader Image, NiftiFields Fields, byte[] Extensions)
{
    private const int LongestHeader = 540;
    private const int ExtenderBytes = 4;
    private const int MaxExtensionBytes = 1 << 29;

    /// <summary>The samples with their position in space, which a CIFTI matrix does not have.</summary>
    /// <exception cref="BadInputException">The header does not define a valid affine.</exception>
    public ImageHeader Placed => Image with { Affine = NiftiAffine.From(Fields, Image.Shape, Image.Path) };

    /// <summary>Reads the header.</summary>
    /// <exception cref="BadInputException">Not a NIfTI file, damaged, or samples of an unsupported type.</exception>
    public static NiftiFile Read(string path)
    {
        using var stream = ImageStream.Open(path);
        var start = new byte[LongestHeader];
        var length = stream.ReadUpTo(start);
        var fields =
            NiftiFields.From(start.AsSpan(0, length))
            ?? throw new BadInputException(
                $"'{path}' is not a NIfTI file: it does not start with a header of 348 bytes (NIfTI-1) or 540 "
                    + $"(NIfTI-2){(length < 348 ? $", it has {length} bytes in all" : "")}."
            );
        RequireMagic(path, fields);
        var image = Describe(path, fields, DataOffset(path, fields));
        stream.RequireRoom(image);
        var behind = start.AsSpan(fields.Bytes.Length, length - fields.Bytes.Length);
        var announced = (int)image.DataOffset - fields.Bytes.Length;
        byte[] extensions =
            announced <= behind.Length
                ? [.. behind[..announced]]
                : [.. behind, .. stream.ReadBytes(announced - behind.Length, "header extensions")];
        return new(image, fields, extensions);
    }

    /// <summary>The bytes before the samples of a map like this file.</summary>
    /// <param name="type">The samples' type.</param>
    /// <param name="description">What the map shows.</param>
    public byte[] HeadForMap(SampleType type, string description) => [.. Fields.ForMap(type, description).Bytes, .. Extensions];

    /// <summary>A NIfTI-1 file of one volume, which does not exist on disk.</summary>
    /// <param name="path">Whose positions it has, for messages.</param>
    /// <param name="shape">Cells along the three axes.</param>
    /// <param name="affine">From cells to millimetres.</param>
    /// <exception cref="BadInputException">NIfTI-1 has no room for the extents.</exception>
    public static NiftiFile OfVolume(string path, IReadOnlyList<int> shape, Affine affine)
    {
        ImageHeader.RequireUsable(path, [.. shape.Select(extent => (long)extent)]);
        if (shape.Any(extent => extent > short.MaxValue))
            throw new BadInputException(
                $"The grid of '{path}' has {string.Join(" x ", shape)} cells; a NIfTI-1 map has at most {short.MaxValue:N0} along an axis. "
                    + "Give an image in NIfTI-2 as --mask."
            );
        var fields = NiftiFields.Volume(shape, affine);
        var image = new ImageHeader
        {
            Path = path,
            Shape = shape,
            Strides = ImageHeader.FirstAxisFastest(shape),
            Type = SampleType.Float32,
            BigEndian = fields.BigEndian,
            DataOffset = fields.Bytes.Length + ExtenderBytes,
            Affine = affine,
        };
        return new(image, fields, new byte[ExtenderBytes]);
    }

    private static void RequireMagic(string path, NiftiFields fields)
    {
        var wanted = fields.Version == 1 ? "n+1" : "n+2";
        if (fields.Magic == wanted)
            return;
        throw new BadInputException(
            fields.Magic is "ni1" or "ni2"
                ? $"'{path}' is the header of a pair (.hdr and .img). Make one file of it: nib-convert, mrconvert or fslchfiletype "
                    + "NIFTI_GZ."
                : $"'{path}' has the magic '{fields.Magic.Replace('\0', ' ').Trim()}'; '{wanted}' was expected (an Analyze 7.5 file "
                    + "has none, and does not specify "
                    + "which side is left)."
        );
    }

    private static int DataOffset(string path, NiftiFields fields)
    {
        var offset = fields.DataOffset;
        // Writers that leave the field 0 mean the first offset that the standard allows.
        var minOffset = fields.Bytes.Length + ExtenderBytes;
        if (offset == 0)
            return minOffset;
        if (offset >= minOffset && offset < MaxExtensionBytes && offset == Math.Floor(offset))
            return (int)offset;
        throw new BadInputException(
            $"'{path}' is damaged: its header has the vox_offset {offset:G}; an integer from {minOffset} (after the header) to "
                + $"{MaxExtensionBytes:N0} was expected."
        );
    }

    private static ImageHeader Describe(string path, NiftiFields fields, int offset)
    {
        var rank = fields.Dim(0);
        if (rank is < 1 or > 7)
            throw new BadInputException($"'{path}' is damaged: its header has the dim[0] {rank}; 1 to 7 axes are possible.");
        var extents = Enumerable.Range(1, (int)rank).Select(fields.Dim).ToList();
        ImageHeader.RequireUsable(path, extents);
        int[] shape = [.. extents.Select(extent => (int)extent)];
        var (slope, intercept) = Scaling(path, fields);
        return new()
        {
            Path = path,
            Shape = shape,
            Strides = ImageHeader.FirstAxisFastest(shape),
            Type = NiftiTypes.From(fields.DataType, path),
            BigEndian = fields.BigEndian,
            Slope = slope,
            Intercept = intercept,
            DataOffset = offset,
        };
    }

    /// <summary>
    /// If the slope is 0 or not finite, the stored samples are used unscaled, whatever the intercept is (nifti1.h; nibabel does the
    /// same).
    /// </summary>
    private static (double Slope, double Intercept) Scaling(string path, NiftiFields fields)
    {
        if (!double.IsFinite(fields.Slope) || fields.Slope == 0)
            return (1, 0);
        return double.IsFinite(fields.Intercept)
            ? (fields.Slope, fields.Intercept)
            : throw new BadInputException(
                $"'{path}' is damaged: its header has the valid scl_slope {fields.Slope:G} and the scl_inter {fields.Intercept:G}, a "
                    + "finite number was "
                    + "expected. Readers disagree about the values; set scl_inter, usually to 0, if you know them."
            );
    }
}
