using System.IO.Hashing;
using System.Runtime.InteropServices;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Inputs;

/// <summary>The digest of what determines the neighbours of elements, and so the results of an enhancement.</summary>
internal static class NeighbourDigest
{
    /// <summary>
    /// Of a connectivity and of surfaces all files, of voxels their cells, of greyordinates their vertices and cells; null: the run has no
    /// enhancement.
    /// </summary>
    public static string? Compute(RunSpec spec)
    {
        if (spec.Model.Enhancement is not { } enhancement)
            return null;
        var hash = new XxHash128();
        if (enhancement.Connectivity is null)
            AddPositions(hash, spec.Data[0].Path);
        foreach (var file in Files(spec))
            FileContent.AddTo(hash, file, "a file of a connectivity");
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>The files of a run's connectivity, or its surfaces; none without them.</summary>
    public static IEnumerable<string> Files(RunSpec spec) =>
        spec.Model.Enhancement switch
        {
            { Connectivity: { } folder } => ((string[])["index.mif", "fixels.mif", "values.mif"]).Select(name =>
                Path.Combine(folder, name)
            ),
            { Surfaces: { } surfaces } => surfaces.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Value),
            _ => [],
        };

    private static void AddPositions(XxHash128 hash, string path)
    {
        using var file = Hdf5ReadFile.Open(path);
        AddTable(hash, file, "/voxels", ["voxel_id", "i", "j", "k"]);
        AddTable(hash, file, "/greyordinates", ["vertex_id", "structure_id"]);
        AddTable(hash, file, "/greyordinate_positions", ["vertex", "i", "j", "k"]);
    }

    private static void AddTable(XxHash128 hash, Hdf5ReadFile file, string path, string[] columns)
    {
        if (PositionTable.Read(file, path, columns) is not { } table)
            return; // the enhancement reports it if it needs it
        foreach (var column in columns)
            hash.Append(MemoryMarshal.AsBytes<double>(table.Column(column)));
    }
}
