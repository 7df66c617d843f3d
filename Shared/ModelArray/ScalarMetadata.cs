using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>Reads one scalar's shape, type, layout and source names, and decides which axis holds the subjects.</summary>
internal static class ScalarMetadata
{
    /// <summary>The most bytes that one byte of gzip data can expand to (RFC 1951, 3.2.5).</summary>
    private const double LargestExpansion = 1032;

    /// <summary>The scalar, or null if the group contains no dataset <c>values</c>.</summary>
    public static ScalarMatrix? Read(Hdf5ReadFile file, string name, bool allowsExternal)
    {
        var path = $"/scalars/{name}/values";
        if (file.Kind(path) != Hdf5NodeKind.Dataset)
            return file.DanglingLink(path) is { } dangling ? Missing(name, dangling) : null;
        using var dataset = file.OpenDataset(path);
        var subject = file.Describe(path);
        var shape = Hdf5Shape.Read(dataset, subject);
        var type = StoredType.Read(dataset, subject);
        var (names, place, conflict, ofNames) = SourceNames.Find(file, name, dataset, allowsExternal);
        var storage = StorageSearch.Find(file, dataset, path, allowsExternal).With(ofNames);
        var (rows, columns) = (shape.Count > 0 ? shape[0] : 0, shape.Count > 1 ? shape[1] : 0);
        // Both axes equal: axis 0 is subjects.
        var transposed = names.Count != rows && names.Count == columns;
        var layout = shape.Count == 2 && type is not null ? StoredLayout.Read(dataset, subject) : new() { Kind = StorageLayout.Other };
        return new()
        {
            Name = name,
            Subjects = transposed ? columns : rows,
            Elements = transposed ? rows : columns,
            IsTransposed = transposed,
            Type = type ?? new StoredType(StoredKind.Other, 0, false),
            Layout = layout,
            Storage = storage,
            Missing = type is { } known ? MissingCodes.Read(dataset, known, subject) : MissingCodes.None,
            SourceNames = names,
            SourceNamesPlace = place,
            Problem =
                storage.Problem
                ?? conflict
                ?? Problem(path, shape, type, names, place)
                ?? BeyondFile(storage.Owner ?? file.Path, path, shape, layout, type!.Value),
        };
    }

    /// <summary>
    /// Refuses a matrix with more values than its file can contain: its shape is damaged, and no memory must be allocated for it. Values in
    /// other files and filters that may compress better than gzip are checked only when they are read.
    /// </summary>
    private static string? BeyondFile(string file, string path, IReadOnlyList<long> shape, StoredLayout layout, StoredType type)
    {
        if (layout.Kind == StorageLayout.Other || !layout.HasPlainFilters)
            return null;
        var (declared, bytes) = ((double)shape[0] * shape[1] * type.Size, new FileInfo(file).Length);
        return declared <= (double)bytes * LargestExpansion
            ? null
            : $"'{path}' is {shape[0]:N0} x {shape[1]:N0}, {declared:N0} bytes, which a file of {bytes:N0} bytes cannot hold: its "
                + "header is damaged, or nearly nothing was written into it.";
    }

    /// <summary>A scalar that has only a name.</summary>
    private static ScalarMatrix Missing(string name, string problem) =>
        new()
        {
            Name = name,
            Subjects = 0,
            Elements = 0,
            IsTransposed = false,
            Type = new(StoredKind.Other, 0, false),
            Layout = new() { Kind = StorageLayout.Other },
            SourceNames = [],
            Storage = new(null, 0, [], problem),
            Problem = problem + ". Restore it.",
        };

    private static string? Problem(string path, IReadOnlyList<long> shape, StoredType? type, IReadOnlyList<string> names, string? place)
    {
        if (type is null)
            return $"'{path}' does not contain numbers.";
        if (shape.Count != 2)
            return $"'{path}' has {shape.Count} axes ({string.Join(" x ", shape)}); a matrix subjects x elements was expected.";
        if (shape[0] == 0 || shape[1] == 0)
            return $"'{path}' is empty ({shape[0]} x {shape[1]}).";
        if (place is null)
            return $"its source names were not found. Looked for {string.Join(", ", SourceNames.Places(path.Split('/')[2]))}.";
        if (names.Count == shape[0] || names.Count == shape[1])
            return null;
        return $"'{place}' contains {names.Count} source names, but '{path}' is {shape[0]} x {shape[1]}: neither axis has that length.";
    }
}
