using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>Reads one scalar's shape, type, layout and source names, and decides which axis holds the subjects.</summary>
internal static class ScalarMetadata
{
    /// <summary>The scalar, or null when the group holds no dataset <c>values</c>.</summary>
    public static ScalarMatrix? Read(Hdf5ReadFile file, string name)
    {
        var path = $"/scalars/{name}/values";
        if (file.Kind(path) != Hdf5NodeKind.Dataset) return null;
        using var dataset = file.OpenDataset(path);
        var subject = file.Describe(path);
        var shape = Hdf5Shape.Of(dataset, subject);
        var type = StoredType.Of(dataset, subject);
        var (names, place) = SourceNames.Find(file, name, dataset);
        var (rows, columns) = (shape.Count > 0 ? shape[0] : 0, shape.Count > 1 ? shape[1] : 0);
        // Both axes equal: axis 0 is subjects.
        var transposed = names.Count != rows && names.Count == columns;
        return new()
        {
            Name = name,
            Subjects = transposed ? columns : rows,
            Elements = transposed ? rows : columns,
            IsTransposed = transposed,
            Type = type ?? new StoredType(StoredKind.Other, 0, false),
            Layout = shape.Count == 2 && type is not null ? StoredLayout.Of(dataset, subject) : new() { Kind = StorageLayout.Other },
            SourceNames = names,
            SourceNamesPlace = place,
            Problem = Problem(path, shape, type, names, place),
        };
    }

    private static string? Problem(string path, IReadOnlyList<long> shape, StoredType? type, IReadOnlyList<string> names, string? place)
    {
        if (type is null) return $"'{path}' holds no numbers.";
        if (shape.Count != 2) return $"'{path}' has {shape.Count} axes ({string.Join(" x ", shape)}); a matrix subjects x elements is wanted.";
        if (shape[0] == 0 || shape[1] == 0) return $"'{path}' is empty ({shape[0]} x {shape[1]}).";
        if (place is null) return $"its source names were not found. Looked for {string.Join(", ", SourceNames.Places(path.Split('/')[2]))}.";
        if (names.Count == shape[0] || names.Count == shape[1]) return null;
        return $"'{place}' holds {names.Count} source names, but '{path}' is {shape[0]} x {shape[1]}: neither axis has that length.";
    }
}
