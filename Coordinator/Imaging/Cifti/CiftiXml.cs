using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging.Cifti;

/// <summary>Reads the axes from the XML that a CIFTI-2 file carries in its header extension.</summary>
/// <remarks>CIFTI-2, "The CIFTI Connectivity File Format", NITRC 2014: MatrixIndicesMap, BrainModel, Parcel.</remarks>
internal static class CiftiXml
{
    /// <summary>The axis along dimension 0, which moves fastest in the file, then that along dimension 1.</summary>
    /// <param name="xml">The extension's content.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="BadInputException">No CIFTI-2, damaged, or a matrix of more than two dimensions.</exception>
    public static IReadOnlyList<CiftiAxis> Axes(ReadOnlySpan<byte> xml, string path)
    {
        var root = Parse(xml, path);
        var version = (string?)root.Attribute("Version");
        if (root.Name.LocalName != "CIFTI" || version is null || !version.StartsWith('2'))
            throw new BadInputException($"'{path}' holds CIFTI of version '{version ?? "none"}'; version 2 is wanted. 'wb_command -file-convert "
                + "-cifti-version-convert IN 2 OUT' makes it.");
        var axes = new SortedDictionary<int, CiftiAxis>();
        foreach (var map in root.Descendants("MatrixIndicesMap"))
        {
            var axis = Axis(map, path);
            foreach (var dimension in Numbers((string?)map.Attribute("AppliesToMatrixDimension"))) axes[dimension] = axis;
        }
        if (!axes.Keys.SequenceEqual([0, 1])) throw new BadInputException($"'{path}' describes the matrix dimensions {string.Join(", ", axes.Keys)}; 0 and 1 "
            + "were expected.");
        return [.. axes.Values];
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
            throw new BadInputException($"'{path}' is damaged: its CIFTI description is no XML ({damage.Message})", damage);
        }
    }

    private static CiftiAxis Axis(XElement map, string path)
    {
        switch ((string?)map.Attribute("IndicesMapToDataType"))
        {
            case "CIFTI_INDEX_TYPE_BRAIN_MODELS":
                var models = map.Elements("BrainModel").OrderBy(model => Number(model, "IndexOffset", path)).ToList();
                return BrainModels(models, path);
            case "CIFTI_INDEX_TYPE_PARCELS":
                var parcels = map.Elements("Parcel").ToList();
                CiftiPart[] names = [.. parcels.Select(parcel => new CiftiPart((string?)parcel.Attribute("Name") ?? "", 1))];
                return new(CiftiAxisKind.Parcels, parcels.Count, names, CiftiAxis.Digest(parcels.Select(Place)));
            case "CIFTI_INDEX_TYPE_SCALARS":
                return new(CiftiAxisKind.Scalars, map.Elements("NamedMap").Count(), [], "");
            default:
                return new(CiftiAxisKind.Other, 0, [], "");
        }
    }

    private static CiftiAxis BrainModels(List<XElement> models, string path)
    {
        var count = 0;
        foreach (var model in models)
        {
            if (Number(model, "IndexOffset", path) != count)
                throw new BadInputException($"'{path}' is damaged: its brain model {(string?)model.Attribute("BrainStructure")} begins at "
                    + $"{(string?)model.Attribute("IndexOffset")}; {count} was expected.");
            count = checked(count + Number(model, "IndexCount", path));
        }
        return new(
            CiftiAxisKind.BrainModels, count,
            [.. models.Select(model => new CiftiPart((string?)model.Attribute("BrainStructure") ?? "", Number(model, "IndexCount", path)))],
            CiftiAxis.Digest(models.Select(Place)));
    }

    /// <summary>What a brain model or parcel says about its place, however its numbers are set out.</summary>
    private static string Place(XElement part)
    {
        var attributes = part.Attributes().Select(attribute => $"{attribute.Name.LocalName}={attribute.Value}").Order(StringComparer.Ordinal);
        var inner = part.Elements().Select(element => $"{element.Name.LocalName} {(string?)element.Attribute("BrainStructure")} "
            + $"{string.Join(' ', element.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        return string.Join(';', [.. attributes, .. inner]);
    }

    private static int Number(XElement element, string name, string path) =>
        int.TryParse((string?)element.Attribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new BadInputException($"'{path}' is damaged: its {element.Name.LocalName} has the {name} '{(string?)element.Attribute(name)}'; a number "
                + "was expected.");

    private static IEnumerable<int> Numbers(string? text) =>
        (text ?? "").Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1);
}
