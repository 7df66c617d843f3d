using System.Xml.Linq;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging.Cifti;

/// <summary>Reads an axis of parcels, which have vertices of surfaces, voxels, or both.</summary>
internal static class ParcelAxis
{
    /// <summary>Reads the axis.</summary>
    /// <exception cref="BadInputException">A parcel has vertices of an unknown surface, or invalid indices.</exception>
    public static CiftiAxis Read(XElement map, string path)
    {
        var surfaces = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var surface in map.Elements("Surface"))
            surfaces[Structure(surface)] = BrainModelAxis.Number(surface, "SurfaceNumberOfVertices", path);
        var parcels = map.Elements("Parcel").ToList();
        var volume = parcels.Any(parcel => parcel.Element("VoxelIndicesIJK") is { } voxels && !string.IsNullOrWhiteSpace(voxels.Value))
            ? CiftiVolume.Read(map, path)
            : null;
        var (parts, digest) = (new List<CiftiPart>(), new PositionDigest(path));
        foreach (var parcel in parcels)
        {
            var name = (string?)parcel.Attribute("Name") ?? "";
            parts.Add(new(name, 1));
            digest.Add(name);
            AddPositions(digest, parcel, $"its parcel '{name}'");
        }
        return new(CiftiAxisKind.Parcels, parcels.Count, parts, digest.Finish(), volume);

        void AddPositions(PositionDigest all, XElement parcel, string whose)
        {
            foreach (var vertices in parcel.Elements("Vertices").OrderBy(Structure, StringComparer.Ordinal))
            {
                if (!surfaces.TryGetValue(Structure(vertices), out var most))
                    throw new BadInputException(
                        $"'{path}' is damaged: {whose} has vertices of {Structure(vertices)}, for which there is no element Surface."
                    );
                all.Add(Structure(vertices));
                all.Add(most);
                all.AddIndices(vertices.Value, [most], whose);
            }
            if (volume is null || parcel.Element("VoxelIndicesIJK") is not { } voxels)
                return;
            all.Add("voxels");
            if (all.AddIndices(voxels.Value, [.. volume.Shape], whose) is var count && count % 3 != 0)
                throw new BadInputException($"'{path}' is damaged: {whose} has {count} voxel indices; three for each voxel were expected.");
        }
    }

    private static string Structure(XElement element) => (string?)element.Attribute("BrainStructure") ?? "";
}
