using System.Globalization;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>
/// One fact about a fit: <see cref="Texts"/> or <see cref="Numbers"/>, of one value or a list (<see cref="IsList"/>).
/// </summary>
/// <param name="Name">Its name: that of the attribute without <see cref="AnalysisRecord.Prefix"/>.</param>
/// <param name="IsList">Whether it is a list, which may have one value.</param>
public sealed record AnalysisFact(string Name, bool IsList)
{
    /// <summary>Its texts; null: it consists of numbers.</summary>
    public IReadOnlyList<string>? Texts { get; init; }

    /// <summary>Its numbers; null: it consists of texts.</summary>
    public IReadOnlyList<double>? Numbers { get; init; }

    /// <summary>Its values as texts, numbers with as many digits as they need.</summary>
    public IReadOnlyList<string> Values() => Texts ?? [.. Numbers!.Select(number => number.ToString("R", CultureInfo.InvariantCulture))];
}

/// <summary>
/// What is stored in an analysis about its fit (docs/formats/results.md): attributes of the group and, where a fact was too long for one,
/// datasets. Empty for analyses of other programs.
/// </summary>
/// <param name="Facts">The facts, by name.</param>
public sealed record AnalysisRecord(IReadOnlyDictionary<string, AnalysisFact> Facts)
{
    /// <summary>The beginning of every attribute and dataset.</summary>
    public const string Prefix = "hpcfit_";

    /// <summary>Whether another program wrote the analysis.</summary>
    public bool IsEmpty => Facts.Count == 0;

    /// <summary>The values of a fact as texts; empty: it is not stored.</summary>
    public IReadOnlyList<string> Values(string name) => Facts.TryGetValue(name, out var fact) ? fact.Values() : [];

    /// <summary>The first value of a fact; null: it is not stored.</summary>
    public string? Value(string name) => Values(name) is [var first, ..] ? first : null;

    /// <summary>Reads the record of an analysis.</summary>
    /// <param name="file">The file.</param>
    /// <param name="analysis">The name under <c>/results</c>; its group exists.</param>
    public static AnalysisRecord Read(Hdf5ReadFile file, string analysis)
    {
        ArgumentNullException.ThrowIfNull(file);
        var path = "/results/" + analysis;
        var subject = file.Describe(path);
        using var group = file.OpenGroup(path);
        var attributes = Hdf5Attributes
            .Names(group.Id, subject)
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name != WriteState.Attribute)
            .Select(name => Attribute(group.Id, name, subject));
        var datasets = file.Children(path)
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && file.Kind($"{path}/{name}") == Hdf5NodeKind.Dataset)
            .Select(name => Dataset(file, path, name));
        return new(attributes.Concat(datasets).OfType<AnalysisFact>().ToDictionary(fact => fact.Name, StringComparer.Ordinal));
    }

    private static AnalysisFact? Attribute(long group, string name, string subject)
    {
        var isList = !Hdf5Attributes.IsSingle(group, name, subject);
        return Fact(name, isList, Hdf5Strings.ReadAttribute(group, name, subject), () => Hdf5Numbers.ReadAttribute(group, name, subject));
    }

    private static AnalysisFact? Dataset(Hdf5ReadFile file, string group, string name)
    {
        var path = $"{group}/{name}";
        using var dataset = file.OpenDataset(path);
        return Fact(
            name,
            isList: true,
            Hdf5Strings.Read(dataset, file.Describe(path)),
            () => Hdf5Numbers.Read(dataset, file.Describe(path))
        );
    }

    /// <summary>A fact; null if its type is neither text nor number.</summary>
    private static AnalysisFact? Fact(string name, bool isList, IReadOnlyList<string>? texts, Func<double[]?> readNumbers)
    {
        var fact = new AnalysisFact(name[Prefix.Length..], isList);
        if (texts is not null)
            return fact with { Texts = texts };
        return readNumbers() is { } numbers ? fact with { Numbers = numbers } : null;
    }
}
