using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>
/// A table that says where elements lie (<c>fixels</c>, <c>voxels</c>, <c>greyordinates</c>, …): a dataset at the file's root, or one of
/// parcels.
/// </summary>
/// <param name="Name">Its path without the first slash.</param>
/// <param name="Shape">Its extents on disk, C order.</param>
public sealed record ElementTable(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>The tables that <c>convert</c> and ModelArrayIO write: docs/formats/data-file.md.</summary>
    public static readonly IReadOnlyList<string> Places =
    [
        "fixels",
        "voxels",
        "greyordinates",
        "parcels/parcel_id",
        "parcels/parcel_id_from",
        "parcels/parcel_id_to",
    ];

    /// <summary>Why its values cannot be read, or may not; null: they can.</summary>
    public string? Problem { get; init; }

    /// <summary>How many elements it describes: its longest extent, whichever way it is stored.</summary>
    public long Length => Shape.Count > 0 ? Shape.Max() : 0;

    /// <summary>The tables of a file, in name order; those of parcels last.</summary>
    /// <param name="file">The file.</param>
    /// <param name="allowsExternal">Whether they may lie in files outside its folder.</param>
    public static IReadOnlyList<ElementTable> ReadAll(Hdf5ReadFile file, bool allowsExternal)
    {
        ArgumentNullException.ThrowIfNull(file);
        var tables = new List<ElementTable>();
        foreach (var name in file.Children("/").Concat(Places.Where(place => place.Contains('/', StringComparison.Ordinal))))
        {
            var path = "/" + name;
            if (file.Kind(path) != Hdf5NodeKind.Dataset)
                continue;
            using var dataset = file.OpenDataset(path);
            tables.Add(
                new(name, Hdf5Shape.Read(dataset, file.Describe(name)))
                {
                    Problem = StorageSearch.Find(file, dataset, path, allowsExternal).Problem,
                }
            );
        }
        return tables;
    }
}
