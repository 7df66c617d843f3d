using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>Finds the source file names of a scalar's subjects in the places where ModelArray looks for them, in its order.</summary>
internal static class SourceNames
{
    private const string Attribute = "column_names";

    /// <summary>The places, first match wins; the first is an attribute, the others are datasets.</summary>
    public static IReadOnlyList<string> Places(string scalar) =>
    [
        $"/scalars/{scalar}/values@{Attribute}",
        $"/scalars/{scalar}/column_names",
        $"/scalars/{scalar}/values/column_names",
        $"/scalars/scalars/{scalar}/values/column_names",
        $"/scalars/scalars/{scalar}/column_names",
    ];

    /// <summary>The names and where they were; none and null when nowhere.</summary>
    public static (IReadOnlyList<string> Names, string? Place) Find(Hdf5ReadFile file, string scalar, Hdf5DatasetHandle values)
    {
        var places = Places(scalar);
        if (Hdf5Strings.ReadAttribute(values.Id, Attribute, file.Describe(places[0])) is { } attribute) return (attribute, places[0]);
        foreach (var place in places.Skip(1))
        {
            if (file.Kind(place) != Hdf5NodeKind.Dataset) continue;
            using var dataset = file.OpenDataset(place);
            if (Hdf5Strings.Read(dataset, file.Describe(place)) is { } names) return (names, place);
        }
        return ([], null);
    }
}
