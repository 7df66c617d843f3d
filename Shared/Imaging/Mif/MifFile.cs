using System.Globalization;
using System.Text;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Shared.Imaging.Mif;

/// <summary>
/// The header of an MRtrix image (<c>.mif</c>, <c>.mif.gz</c>): its lines, and the description of the samples.
/// </summary>
/// <remarks>MRtrix3 documentation, "Supported image formats", MRtrix image formats.</remarks>
/// <param name="Image">The description of the samples.</param>
/// <param name="Lines">The header's lines without the first and the last.</param>
internal sealed record MifFile(ImageHeader Image, IReadOnlyList<MifLine> Lines)
{
    private const string FirstLine = "mrtrix image";
    private const int LongestHeader = 1 << 26;

    /// <summary>The samples with their position in space.</summary>
    /// <exception cref="BadInputException">The lines 'vox' and 'transform' do not define a valid affine.</exception>
    public ImageHeader Placed => Image with { Affine = MifTransform.From(Lines, Image.Shape, Image.Path) };

    /// <summary>Reads the header.</summary>
    /// <exception cref="BadInputException">Not an MRtrix image, damaged, or samples of an unsupported type.</exception>
    public static MifFile Read(string path)
    {
        using var stream = ImageStream.Open(path);
        var (lines, bytes) = ReadLines(stream, path);
        var image = Describe(path, lines, bytes);
        stream.RequireRoom(image);
        return new(image, lines);
    }

    /// <summary>The header of a map like this file, with little-endian samples.</summary>
    /// <param name="type">The samples' type.</param>
    /// <param name="description">What the map shows: a line <c>comments</c>, which <c>mrinfo</c> prints.</param>
    public byte[] HeadForMap(SampleType type, string description)
    {
        var kept = Lines.Where(line => line.Name is not ("file" or "scaling" or "datatype"));
        return MifHead.Render([.. kept, new("datatype", $"{type}LE"), new("comments", description)]);
    }

    /// <summary>The samples of a map like this file.</summary>
    public ImageHeader ImageForMap() => Image.AsSingles() with { BigEndian = false };

    /// <summary>A file with this one's position and notes but another shape, stored with the first axis varying fastest.</summary>
    public MifFile WithShape(int[] shape)
    {
        string Axes(Func<int, string> text) => string.Join(',', Enumerable.Range(0, shape.Length).Select(text));
        MifLine[] changed =
        [
            new("dim", Axes(axis => $"{shape[axis]}")),
            new("vox", Axes(_ => "1")),
            new("layout", Axes(axis => $"+{axis}")),
        ];
        List<MifLine> lines = [.. changed, .. Lines.Where(line => !changed.Any(other => other.Name == line.Name))];
        return new(Image with { Shape = shape, Strides = ImageHeader.FirstAxisFastest(shape), Origin = 0 }, lines);
    }

    /// <summary>The lines between the first and 'END', and their total size in bytes.</summary>
    public static (List<MifLine> Lines, int Bytes) ReadLines(ImageStream stream, string path)
    {
        var text = new MemoryStream();
        Span<byte> piece = stackalloc byte[4096];
        List<MifLine>? lines = null; // null before the first line
        var (at, more) = (0, true);
        while (more)
        {
            var searched = (int)text.Length;
            var read = text.Length < LongestHeader ? stream.ReadUpTo(piece) : 0;
            if (text.Length == 0 && !piece[..read].StartsWith("mrtrix image"u8))
                throw new BadInputException($"'{path}' is not an MRtrix image: it does not start with '{FirstLine}'.");
            more = read == piece.Length;
            text.Write(piece[..read]);
            while (text.GetBuffer().AsSpan(searched, (int)text.Length - searched).IndexOf((byte)'\n') is var behind and >= 0)
            {
                var line = Encoding.UTF8.GetString(text.GetBuffer(), at, searched + behind - at).Trim();
                searched = at = searched + behind + 1;
                if (line == "END" && lines is not null)
                    return (lines, at);
                if (lines is null)
                    lines =
                        line == FirstLine
                            ? []
                            : throw new BadInputException($"'{path}' is not an MRtrix image: its first line is not '{FirstLine}'.");
                else if (line.Length > 0)
                    lines.Add(MifLine.Parse(line));
            }
        }
        throw new BadInputException($"'{path}' is damaged: its header has no line 'END'.");
    }

    private static ImageHeader Describe(string path, List<MifLine> lines, int headerBytes)
    {
        var extents = Extents(path, lines);
        ImageHeader.RequireUsable(path, extents);
        int[] shape = [.. extents.Select(extent => (int)extent)];
        var (strides, origin) = MifLayout.Strides(MifLine.Required(lines, "layout", path), shape, path);
        var (type, bigEndian) = MifTypes.From(MifLine.Required(lines, "datatype", path), path);
        var (slope, intercept) = Scaling(path, lines, type);
        return new()
        {
            Path = path,
            Shape = shape,
            Strides = strides,
            Origin = origin,
            Type = type,
            BigEndian = bigEndian,
            Slope = slope,
            Intercept = intercept,
            DataOffset = DataOffset(path, MifLine.Required(lines, "file", path), headerBytes),
        };
    }

    /// <summary>The number of cells along each axis, as the header contains it.</summary>
    public static List<long> Extents(string path, List<MifLine> lines)
    {
        var text = MifLine.Required(lines, "dim", path);
        return [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Extent)];

        long Extent(string number) =>
            long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var extent)
                ? extent
                : throw new BadInputException($"'{path}' has the line 'dim: {text}'; comma-separated integers were expected.");
    }

    /// <summary>
    /// Factor and offset of integers. MRtrix reads floating-point samples unscaled, whatever the line 'scaling' contains.
    /// </summary>
    private static (double Slope, double Intercept) Scaling(string path, List<MifLine> lines, SampleType type)
    {
        if (type.IsFloatingPoint() || MifLine.Find(lines, "scaling", path) is null)
            return (1, 0);
        var scaling = MifLine.Numbers(lines, "scaling", path);
        return scaling is [var offset, var scale] && double.IsFinite(offset) && double.IsFinite(scale) && scale != 0
            ? (scale, offset)
            : throw new BadInputException(
                $"'{path}' has the line 'scaling: {MifLine.Find(lines, "scaling", path)}'; two finite numbers, offset and scale, were "
                    + "expected, "
                    + "a scale other than 0."
            );
    }

    /// <summary>The offset of the first sample, from the line <c>file</c>.</summary>
    public static long DataOffset(string path, string file, int headerBytes)
    {
        var parts = file.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is [".", var offset] && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
        {
            return bytes >= headerBytes
                ? bytes
                : throw new BadInputException(
                    $"'{path}' is damaged: according to its line 'file: {file}' the samples start inside its header of "
                        + $"{headerBytes:N0} bytes."
                );
        }
        throw new BadInputException(
            parts is ["."]
                ? $"'{path}' is damaged: its line 'file: .' does not contain the byte offset of the samples."
                : $"'{path}' has its samples in another file ('file: {file}'). A single file is expected: mrconvert "
                    + $"{System.IO.Path.GetFileName(path)} new.mif makes it."
        );
    }
}
