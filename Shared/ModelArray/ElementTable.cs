using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>
/// A table of the elements' positions (<c>fixels</c>, <c>voxels</c>, <c>greyordinates</c>, …): a dataset at the file's root, or a table of
/// parcels.
/// </summary>
/// <param name="Name">Its path without the leading slash.</param>
/// <param name="Shape">Its extents on disk, in C order.</param>
public sealed record ElementTable(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>The tables that <c>convert</c> and ModelArrayIO write: docs/formats/data-file.md.</summary>
    public static readonly IReadOnlyList<string> Places =
    [
        "fixels",
        "voxels",
        "greyordinates",
        "greyordinate_positions",
        "parcels/parcel_id",
        "parcels/parcel_id_from",
        "parcels/parcel_id_to",
    ];

    /// <summary>Why its values cannot or may not be read; null: they can.</summary>
    public string? Problem { get; init; }

    /// <summary>The number of elements it describes: its largest extent, in either orientation.</summary>
    public long Length => Shape.Count > 0 ? Shape.Max() : 0;

    /// <summary>The tables of a file, in name order; tables of parcels last.</summary>
    /// <param name="file">The file.</param>
    /// <param name="allowsExternal">Whether they may be stored in files outside its folder.</param>
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
