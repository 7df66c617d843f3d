using System.Globalization;
using System.Xml.Linq;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Surfaces;

/// <summary>An array of a GIfTI file. Its values are decoded when they are requested.</summary>
/// <param name="file">The file, for messages.</param>
/// <param name="element">The XML element <c>DataArray</c>.</param>
internal sealed class GiftiArray(string file, XElement element)
{
    private const int MaxAxes = 6;
    private const long MaxValues = 1 << 28;

    /// <summary>The file, as the user named it.</summary>
    public string File { get; } = file;

    /// <summary>What the array is, such as <c>NIFTI_INTENT_POINTSET</c>.</summary>
    public string Intent { get; } = (string?)element.Attribute("Intent") ?? "without an intent";

    /// <summary>The number of values along each axis.</summary>
    public IReadOnlyList<long> Extents { get; } = ReadExtents(file, element);

    /// <summary>Whether the first axis varies fastest in the stored values, not the last one.</summary>
    public bool IsColumnMajor =>
        Attribute("ArrayIndexingOrder") switch
        {
            "RowMajorOrder" => false,
            "ColumnMajorOrder" => true,
            var order => throw Damaged($"the ArrayIndexingOrder '{order}'", "RowMajorOrder or ColumnMajorOrder"),
        };

    /// <summary>A value of the array's metadata; null: there is none.</summary>
    public string? Metadata(string name) => GiftiFile.ValueOf(element, name);

    /// <summary>The values in the order in which they are stored.</summary>
    /// <exception cref="BadInputException">They are stored in another file or damaged.</exception>
    public double[] Values()
    {
        var count = Extents.Aggregate(1L, (product, extent) => product * extent);
        var text = element.Element("Data")?.Value ?? "";
        var type =
            GiftiType.TryFind(Attribute("DataType"))
            ?? throw Damaged($"the DataType '{Attribute("DataType")}'", $"one of {string.Join(", ", GiftiType.Names)}");
        return Attribute("Encoding") switch
        {
            "ASCII" => Array.ConvertAll(GiftiText.Read(text, count, Problem), type.Rounded),
            "Base64Binary" => type.Decode(GiftiBinary.FromBase64(text, count * type.Size, Problem), IsBigEndian()),
            "GZipBase64Binary" => type.Decode(GiftiBinary.Inflated(text, count * type.Size, Problem), IsBigEndian()),
            "ExternalFileBinary" => throw new BadInputException(
                $"'{File}' stores its array {Intent} in another file, '{Attribute("ExternalFileName")}', which is not read. Put the values "
                    + $"into the file: wb_command -gifti-convert GZIP_BASE64_BINARY '{File}' OUTPUT.surf.gii"
            ),
            var encoding => throw Damaged(
                $"the Encoding '{encoding}'",
                "ASCII, Base64Binary, GZipBase64Binary (values in another file, ExternalFileBinary, are not read)"
            ),
        };
    }

    private bool IsBigEndian() =>
        Attribute("Endian") switch
        {
            "LittleEndian" => false,
            "BigEndian" => true,
            var order => throw Damaged($"the Endian '{order}'", "LittleEndian or BigEndian"),
        };

    private string Attribute(string name) => (string?)element.Attribute(name) ?? "";

    private BadInputException Damaged(string what, string expected) =>
        new($"'{File}' is damaged: its array {Intent} has {what}; {expected} is expected.");

    private BadInputException Problem(string problem) => new($"'{File}' is damaged: its array {Intent} {problem}");

    private static long[] ReadExtents(string file, XElement element)
    {
        if (Number("Dimensionality") is not (>= 1 and <= MaxAxes and var axes))
            throw Damaged("Dimensionality", $"1 to {MaxAxes}");
        var (extents, count) = (new long[axes], 1L);
        for (var axis = 0; axis < axes; axis++)
        {
            if (Number($"Dim{axis}") is not (> 0 and <= MaxValues and var extent) || (count *= extent) > MaxValues)
                throw Damaged($"Dim{axis}", $"a number above 0, and at most {MaxValues:N0} values in all,");
            extents[axis] = extent;
        }
        return extents;

        long? Number(string name) =>
            long.TryParse((string?)element.Attribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : null;

        BadInputException Damaged(string name, string expected) =>
            new(
                $"'{file}' is damaged: its array {(string?)element.Attribute("Intent")} has the {name} "
                    + $"'{(string?)element.Attribute(name)}'; {expected} is expected."
            );
    }
}
