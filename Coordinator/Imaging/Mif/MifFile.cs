using System.Globalization;
using System.Text;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging.Mif;

/// <summary>The head of a MRtrix image (<c>.mif</c>, <c>.mif.gz</c>): its lines as they stand, and what they say about the samples.</summary>
/// <remarks>MRtrix3 documentation, "Supported image formats", MRtrix image formats.</remarks>
/// <param name="Image">What the samples are.</param>
/// <param name="Lines">The header's lines without the first and the last.</param>
internal sealed record MifFile(ImageHeader Image, IReadOnlyList<MifLine> Lines)
{
    private const string FirstLine = "mrtrix image";
    private const int LongestHeader = 1 << 26;

    /// <summary>Reads a head.</summary>
    /// <exception cref="BadInputException">No MRtrix image, damaged, or samples of a type that has no value.</exception>
    public static MifFile Read(string path)
    {
        using var stream = ImageStream.Open(path);
        var text = ReadText(stream, path);
        var lines = text.Split('\n');
        if (lines[0].TrimEnd() != FirstLine) throw new BadInputException($"'{path}' is no MRtrix image: its first line is not '{FirstLine}'.");
        List<MifLine> pairs = [.. lines.Skip(1).Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0).Select(MifLine.Parse)];
        return new(Describe(path, pairs), pairs);
    }

    /// <summary>The head of a file like this one with float32 values in the machine's usual order.</summary>
    public byte[] HeadForSingles()
    {
        var kept = Lines.Where(line => line.Key is not ("file" or "scaling" or "datatype"));
        return MifHead.Render([.. kept, new("datatype", "Float32LE")]);
    }

    /// <summary>The same samples described as float32, at the place where <see cref="HeadForSingles"/> ends.</summary>
    public ImageHeader ImageForSingles(int dataOffset) => Image.AsSingles() with { BigEndian = false, DataOffset = dataOffset };

    /// <summary>A file with this one's place and notes but another shape, its axes stored first fastest.</summary>
    public MifFile WithShape(int[] shape)
    {
        string Axes(Func<int, string> text) => string.Join(',', Enumerable.Range(0, shape.Length).Select(text));
        MifLine[] changed = [new("dim", Axes(axis => $"{shape[axis]}")), new("vox", Axes(_ => "1")), new("layout", Axes(axis => $"+{axis}"))];
        List<MifLine> lines = [.. changed, .. Lines.Where(line => !changed.Any(other => other.Key == line.Key))];
        return new(Image with { Shape = shape, Strides = ImageHeader.FirstAxisFastest(shape), Origin = 0 }, lines);
    }

    private static string ReadText(ImageStream stream, string path)
    {
        var text = new MemoryStream();
        Span<byte> piece = stackalloc byte[4096];
        ReadOnlySpan<byte> end = "\nEND"u8;
        while (text.Length < LongestHeader)
        {
            var read = stream.ReadUpTo(piece);
            if (text.Length == 0 && !piece[..read].StartsWith(Encoding.ASCII.GetBytes(FirstLine)))
                throw new BadInputException($"'{path}' is no MRtrix image: it does not begin with '{FirstLine}'.");
            var searched = (int)Math.Max(0, text.Length - end.Length);
            text.Write(piece[..read]);
            var at = text.GetBuffer().AsSpan(searched, (int)text.Length - searched).IndexOf(end);
            if (at >= 0) return Encoding.UTF8.GetString(text.GetBuffer(), 0, searched + at);
            if (read < piece.Length) break;
        }
        throw new BadInputException($"'{path}' is damaged: its header has no line 'END'.");
    }

    private static ImageHeader Describe(string path, List<MifLine> lines)
    {
        var extents = Numbers(path, lines, "dim").Select(extent => (long)extent).ToList();
        ImageHeader.RequireUsable(path, extents);
        int[] shape = [.. extents.Select(extent => (int)extent)];
        var (strides, origin) = MifLayout.Strides(Required(path, lines, "layout"), shape, path);
        var (type, bigEndian) = MifTypes.Of(Required(path, lines, "datatype"), path);
        var scaling = lines.Any(line => line.Key == "scaling") ? Numbers(path, lines, "scaling") : [0, 1];
        if (scaling.Length != 2) throw new BadInputException($"'{path}' has the line 'scaling: {Required(path, lines, "scaling")}'; two numbers, offset and "
            + "scale, were expected.");
        return new()
        {
            Path = path,
            Shape = shape,
            Strides = strides,
            Origin = origin,
            Type = type,
            BigEndian = bigEndian,
            Intercept = scaling[0],
            Slope = scaling[1],
            DataOffset = DataOffset(path, Required(path, lines, "file")),
        };
    }

    private static long DataOffset(string path, string file)
    {
        var parts = file.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is ["."]) return 0;
        if (parts is [".", var offset] && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)) return bytes;
        throw new BadInputException($"'{path}' keeps its samples elsewhere ('file: {file}'). One file is wanted: mrconvert "
            + $"{System.IO.Path.GetFileName(path)} new.mif makes it.");
    }

    private static double[] Numbers(string path, List<MifLine> lines, string key)
    {
        var text = Required(path, lines, key);
        var numbers = text.Split(',', StringSplitOptions.TrimEntries);
        var values = new double[numbers.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.TryParse(numbers[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]))
                throw new BadInputException($"'{path}' has the line '{key}: {text}'; numbers with commas were expected.");
        }
        return values;
    }

    private static string Required(string path, List<MifLine> lines, string key) =>
        lines.FirstOrDefault(line => line.Key == key)?.Value ?? throw new BadInputException($"'{path}' is damaged: its header has no line '{key}'.");
}
