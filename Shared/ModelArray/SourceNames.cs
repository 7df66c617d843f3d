using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>Finds the source file names of a scalar's subjects in the places where ModelArray looks for them, in its order.</summary>
internal static class SourceNames
{
    private const string Attribute = "column_names";

    /// <summary>The paths that are searched in this order; the first is an attribute, the others are datasets.</summary>
    public static IReadOnlyList<string> Places(string scalar) =>
        [
            $"/scalars/{scalar}/values@{Attribute}",
            $"/scalars/{scalar}/column_names",
            $"/scalars/{scalar}/values/column_names",
            $"/scalars/scalars/{scalar}/values/column_names",
            $"/scalars/scalars/{scalar}/column_names",
        ];

    /// <summary>
    /// The names and where they were found; empty and null if nowhere. A conflict is reported when two places contain different names, so
    /// that rows cannot be assigned to subjects. Names in other files follow the rules for values: a file that is missing or may not be
    /// read is a problem of the storage.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="scalar">The scalar's name.</param>
    /// <param name="values">Its values.</param>
    /// <param name="allowsExternal">Whether names may be stored outside the file's folder.</param>
    public static (IReadOnlyList<string> Names, string? Place, string? Conflict, StorageFiles Storage) Find(
        Hdf5ReadFile file,
        string scalar,
        Hdf5DatasetHandle values,
        bool allowsExternal
    )
    {
        var storage = Places(scalar)
            .Skip(1)
            .Aggregate(StorageFiles.Own, (known, place) => known.With(StorageOf(file, place, allowsExternal)));
        if (storage.Problem is not null)
            return ([], null, null, storage);
        var found = Places(scalar)
            .Select((place, number) => (Names: number == 0 ? FromAttribute(file, place, values) : FromDataset(file, place), Place: place))
            .Where(one => one.Names is not null)
            .ToList();
        if (found.Count == 0)
            return ([], null, null, storage);
        var (names, first) = (found[0].Names!, found[0].Place);
        var conflict = found
            .Skip(1)
            .Where(one => !one.Names!.SequenceEqual(names))
            .Select(one => Conflict(names, first, one.Names!, one.Place))
            .FirstOrDefault();
        return (names, first, conflict, storage);
    }

    private static StorageFiles StorageOf(Hdf5ReadFile file, string place, bool allowsExternal)
    {
        if (file.Kind(place) != Hdf5NodeKind.Dataset)
            return file.DanglingLink(place) is { } dangling
                ? StorageFiles.Own with
                {
                    Problem = $"{dangling}. Restore it.",
                }
                : StorageFiles.Own;
        using var dataset = file.OpenDataset(place);
        return StorageSearch.Find(file, dataset, place, allowsExternal);
    }

    private static IReadOnlyList<string>? FromAttribute(Hdf5ReadFile file, string place, Hdf5DatasetHandle values) =>
        Hdf5Strings.ReadAttribute(values.Id, Attribute, file.Describe(place));

    private static IReadOnlyList<string>? FromDataset(Hdf5ReadFile file, string place)
    {
        if (file.Kind(place) != Hdf5NodeKind.Dataset)
            return null;
        using var dataset = file.OpenDataset(place);
        return Hdf5Strings.Read(dataset, file.Describe(place));
    }

    private static string Conflict(IReadOnlyList<string> names, string place, IReadOnlyList<string> others, string otherPlace)
    {
        var at = Enumerable.Range(0, Math.Min(names.Count, others.Count)).FirstOrDefault(i => names[i] != others[i], -1);
        var what =
            at < 0 ? $"{names.Count} and {others.Count} names" : $"name {at + 1} is '{names[at]}' in one and '{others[at]}' in the other";
        return $"'{place}' and '{otherPlace}' contain different source names ({what}), so the subject of each value is unknown. "
            + "Remove the wrong ones.";
    }
}
