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

    /// <summary>
    /// The names and where they were; none and null when nowhere. A conflict where two places hold different names: whose values are in which row is then
    /// anybody's guess.
    /// </summary>
    public static (IReadOnlyList<string> Names, string? Place, string? Conflict) Find(Hdf5ReadFile file, string scalar, Hdf5DatasetHandle values)
    {
        var found = Places(scalar).Select((place, number) => (Names: number == 0 ? OfAttribute(file, place, values) : OfDataset(file, place), Place: place))
            .Where(one => one.Names is not null).ToList();
        if (found.Count == 0) return ([], null, null);
        var (names, first) = (found[0].Names!, found[0].Place);
        var conflict = found.Skip(1).Where(one => !one.Names!.SequenceEqual(names)).Select(one => Conflict(names, first, one.Names!, one.Place)).FirstOrDefault();
        return (names, first, conflict);
    }

    private static IReadOnlyList<string>? OfAttribute(Hdf5ReadFile file, string place, Hdf5DatasetHandle values) => Hdf5Strings.ReadAttribute(values.Id, Attribute, file.Describe(place));

    private static IReadOnlyList<string>? OfDataset(Hdf5ReadFile file, string place)
    {
        if (file.Kind(place) != Hdf5NodeKind.Dataset) return null;
        using var dataset = file.OpenDataset(place);
        return Hdf5Strings.Read(dataset, file.Describe(place));
    }

    private static string Conflict(IReadOnlyList<string> names, string place, IReadOnlyList<string> others, string otherPlace)
    {
        var at = Enumerable.Range(0, Math.Min(names.Count, others.Count)).FirstOrDefault(i => names[i] != others[i], -1);
        var what = at < 0 ? $"{names.Count} and {others.Count} names" : $"name {at + 1} is '{names[at]}' in one and '{others[at]}' in the other";
        return $"'{place}' and '{otherPlace}' hold different source names ({what}), so that it is not known which subject a value belongs to. Remove the wrong one.";
    }
}
