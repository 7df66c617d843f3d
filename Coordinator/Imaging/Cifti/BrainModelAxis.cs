using System.Globalization;
using System.Xml.Linq;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging.Cifti;

/// <summary>Reads an axis of brain models: surfaces by vertices, volumes by voxels.</summary>
internal static class BrainModelAxis
{
    private const string Structure = "BrainStructure";
    private const string Vertices = "SurfaceNumberOfVertices";

    /// <summary>Reads the axis.</summary>
    /// <exception cref="BadInputException">Models overlap or leave gaps, or their indices do not match their counts.</exception>
    public static CiftiAxis Read(XElement map, string path)
    {
        var models = map.Elements("BrainModel").OrderBy(model => Number(model, "IndexOffset", path)).ToList();
        var volume = models.Any(IsVolume) ? CiftiVolume.Read(map, path) : null;
        var (parts, digest, count) = (new List<CiftiPart>(), new PositionDigest(path), 0L);
        var all = new List<int[]>();
        foreach (var model in models)
        {
            var part = new CiftiPart((string?)model.Attribute(Structure) ?? "", Number(model, "IndexCount", path));
            if (Number(model, "IndexOffset", path) != count)
                throw new BadInputException(
                    $"'{path}' is damaged: its brain model {part.Name} begins at {Number(model, "IndexOffset", path)}; {count} was "
                        + "expected."
                );
            var indices = new List<int>();
            RequireIndices(part, AddPositions(digest, model, part, volume, path, indices), path);
            parts.Add(part);
            all.Add([.. indices]);
            count += part.Count;
        }
        return new(CiftiAxisKind.BrainModels, count, parts, digest.Finish(), volume)
        {
            Indices = all,
            SurfaceVertices = [.. models.Select(model => IsVolume(model) ? 0 : Number(model, Vertices, path))],
        };
    }

    private static bool IsVolume(XElement model) => (string?)model.Attribute("ModelType") == "CIFTI_MODEL_TYPE_VOXELS";

    /// <summary>Adds a model's structure, the size of its surface (0: voxels) and its indices; returns the number of positions.</summary>
    private static double AddPositions(
        PositionDigest digest,
        XElement model,
        CiftiPart part,
        CiftiVolume? volume,
        string path,
        List<int> indices
    )
    {
        var whose = $"its brain model {part.Name}";
        digest.Add(part.Name);
        if (IsVolume(model))
        {
            digest.Add(0);
            return digest.AddIndices(model.Element("VoxelIndicesIJK")?.Value ?? "", [.. volume!.Shape], whose, indices) / 3.0;
        }
        if ((string?)model.Attribute("ModelType") is var type && type != "CIFTI_MODEL_TYPE_SURFACE")
            throw new BadInputException(
                $"'{path}' is damaged: {whose} has the ModelType '{type}'; CIFTI_MODEL_TYPE_SURFACE or CIFTI_MODEL_TYPE_VOXELS was "
                    + "expected."
            );
        var vertices = Number(model, Vertices, path);
        digest.Add(vertices);
        return digest.AddIndices(model.Element("VertexIndices")?.Value ?? "", [vertices], whose, indices);
    }

    private static void RequireIndices(CiftiPart part, double there, string path)
    {
        if (there != part.Count)
            throw new BadInputException(
                $"'{path}' is damaged: its brain model {part.Name} has the IndexCount {part.Count} and lists {there:G6} vertices or voxels."
            );
    }

    /// <summary>An integer attribute.</summary>
    /// <exception cref="BadInputException">It is missing or not an integer.</exception>
    public static int Number(XElement element, string name, string path) =>
        int.TryParse((string?)element.Attribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new BadInputException(
                $"'{path}' is damaged: its {element.Name.LocalName} has the {name} '{(string?)element.Attribute(name)}'; a number was "
                    + "expected."
            );
}
