using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Shared.Imaging.Mif;

/// <summary>
/// The description of an uncompressed MRtrix image of one axis whose samples are stored one after another: all further axes have one cell.
/// It may have more samples than an <see cref="ImageHeader"/> can describe.
/// </summary>
/// <param name="Path">The file, as given.</param>
/// <param name="Count">The number of samples.</param>
/// <param name="Type">The stored type.</param>
/// <param name="BigEndian">Whether samples are stored big-endian.</param>
/// <param name="DataOffset">The offset of the first sample in bytes.</param>
internal sealed record MifVector(string Path, long Count, SampleType Type, bool BigEndian, long DataOffset)
{
    /// <summary>Reads the header, and compares the length of the file with it.</summary>
    /// <exception cref="BadInputException">Not an MRtrix image, damaged, compressed, truncated, or of another shape or layout.</exception>
    public static MifVector Read(string path)
    {
        using var stream = ImageStream.Open(path);
        if (stream.IsGzip)
            throw new BadInputException($"'{path}' is compressed; an uncompressed image is expected: gzip -d < {path} > new.mif makes it.");
        var (lines, bytes) = MifFile.ReadLines(stream, path);
        var extents = MifFile.Extents(path, lines);
        if (extents is not [>= 1, ..] || extents.Skip(1).Any(extent => extent != 1))
            throw new BadInputException($"'{path}' has the shape {string.Join(" x ", extents)}; N x 1 x 1 is expected.");
        if (MifLine.Required(lines, "layout", path) is var layout && layout.StartsWith('-'))
            throw new BadInputException(
                $"'{path}' has the line 'layout: {layout}', which stores its samples backwards. mrconvert makes one that can be used: "
                    + "mrconvert in.mif out.mif -strides 1,2,3."
            );
        var (type, bigEndian) = MifTypes.From(MifLine.Required(lines, "datatype", path), path);
        var offset = MifFile.DataOffset(path, MifLine.Required(lines, "file", path), bytes);
        return (stream.FileBytes - offset) / type.Size() >= extents[0]
            ? new(path, extents[0], type, bigEndian, offset)
            : throw new BadInputException(
                $"'{path}' is truncated, or its header is damaged: it has {stream.FileBytes:N0} bytes, and its header announces "
                    + $"{extents[0]:N0} samples of {type.Size()} bytes from byte {offset:N0} on. Copy it again from its source."
            );
    }
}
