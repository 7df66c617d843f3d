using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging.Cifti;

/// <summary>Reads the axes from the XML in the header extension of a CIFTI-2 file.</summary>
/// <remarks>CIFTI-2, "The CIFTI Connectivity File Format", NITRC 2014: MatrixIndicesMap, BrainModel, Parcel.</remarks>
internal static class CiftiXml
{
    /// <summary>The name of the metadata that describes a map.</summary>
    public const string DescriptionName = "Description";

    /// <summary>The axis along dimension 0, which varies fastest in the file, then that along dimension 1.</summary>
    /// <param name="xml">The extension's content.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="BadInputException">Not CIFTI-2, damaged, or a matrix of more than two dimensions.</exception>
    public static IReadOnlyList<CiftiAxis> Axes(ReadOnlySpan<byte> xml, string path)
    {
        var root = Parse(xml, path);
        var version = (string?)root.Attribute("Version");
        if (root.Name.LocalName != "CIFTI" || version is null || !version.StartsWith('2'))
            throw new BadInputException(
                $"'{path}' contains CIFTI of version '{version ?? "none"}'; version 2 was expected. 'wb_command -file-convert "
                    + "-cifti-version-convert IN 2 OUT' converts it."
            );
        var axes = new SortedDictionary<int, CiftiAxis>();
        foreach (var map in root.Descendants("MatrixIndicesMap"))
        {
            var axis = Axis(map, path);
            foreach (var dimension in Numbers((string?)map.Attribute("AppliesToMatrixDimension")))
            {
                if (!axes.TryAdd(dimension, axis))
                    throw new BadInputException($"'{path}' is damaged: it describes the matrix dimension {dimension} twice.");
            }
        }
        if (!axes.Keys.SequenceEqual([0, 1]))
            throw new BadInputException($"'{path}' describes the matrix dimensions {string.Join(", ", axes.Keys)}; 0 and 1 were expected.");
        return [.. axes.Values];
    }

    /// <summary>The same description with another name of its map and with metadata about it.</summary>
    /// <param name="xml">The extension's content, which was read before.</param>
    /// <param name="name">The name of the map; a matrix of parcels by parcels has none.</param>
    /// <param name="description">The value of the metadata <see cref="DescriptionName"/>.</param>
    public static byte[] Describe(ReadOnlySpan<byte> xml, string name, string description)
    {
        var root = Parse(xml, "");
        foreach (var map in root.Descendants("MapName"))
            map.Value = name;
        var matrix = root.Element("Matrix") ?? root;
        var metadata = matrix.Element("MetaData");
        if (metadata is null)
            matrix.AddFirst(metadata = new("MetaData"));
        metadata.Elements("MD").Where(one => (string?)one.Element("Name") == DescriptionName).Remove();
        metadata.Add(new XElement("MD", new XElement("Name", DescriptionName), new XElement("Value", description)));
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) }))
            root.Save(writer);
        return bytes.ToArray();
    }

    private static XElement Parse(ReadOnlySpan<byte> xml, string path)
    {
        var end = xml.IndexOf((byte)0); // the extension is padded with NULs
        try
        {
            using var bytes = new MemoryStream((end < 0 ? xml : xml[..end]).ToArray());
            using var reader = XmlReader.Create(bytes, new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader);
        }
        catch (XmlException damage)
        {
            throw new BadInputException($"'{path}' is damaged: its CIFTI description is not valid XML ({damage.Message})", damage);
        }
    }

    private static CiftiAxis Axis(XElement map, string path) =>
        (string?)map.Attribute("IndicesMapToDataType") switch
        {
            "CIFTI_INDEX_TYPE_BRAIN_MODELS" => BrainModelAxis.Read(map, path),
            "CIFTI_INDEX_TYPE_PARCELS" => ParcelAxis.Read(map, path),
            "CIFTI_INDEX_TYPE_SCALARS" => new(CiftiAxisKind.Scalars, map.Elements("NamedMap").Count(), [], "", null),
            "CIFTI_INDEX_TYPE_SERIES" => new(CiftiAxisKind.Series, 0, [], "", null),
            "CIFTI_INDEX_TYPE_LABELS" => new(CiftiAxisKind.Labels, 0, [], "", null),
            _ => new(CiftiAxisKind.Unknown, 0, [], "", null),
        };

    private static IEnumerable<int> Numbers(string? text) =>
        (text ?? "")
            .Split(',')
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1);
}
