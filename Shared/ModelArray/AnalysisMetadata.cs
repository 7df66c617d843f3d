using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>Lists the analyses under <c>/results</c>, as ModelArray, ModelArrayIO and HpcFit write them.</summary>
public static class AnalysisMetadata
{
    /// <summary>The attribute of an analysis that contains the digest of its run.</summary>
    public const string RunAttribute = "hpcfit_run";

    /// <summary>The analyses with a <c>results_matrix</c>, in name order.</summary>
    /// <param name="file">The file.</param>
    /// <param name="allowsExternal">Whether values may be stored outside its folder. For those that may not be read, only the location is
    /// reported.</param>
    internal static IReadOnlyList<AnalysisSummary> Read(Hdf5ReadFile file, bool allowsExternal)
    {
        WriteState.RequireComplete(file);
        var analyses = new List<AnalysisSummary>();
        if (file.Kind("/results") != Hdf5NodeKind.Group)
            return analyses;
        foreach (var name in file.Children("/results"))
        {
            var path = $"/results/{name}/results_matrix";
            if (file.Kind(path) != Hdf5NodeKind.Dataset)
                continue;
            using var matrix = file.OpenDataset(path);
            var shape = Hdf5Shape.Read(matrix, file.Describe(path));
            if (shape.Count != 2)
                continue;
            var storage = Storage(file, name, matrix, allowsExternal);
            var names = storage.Problem is null ? ColumnNames(file, name, matrix) : [];
            var transposed = names.Count != shape[0] && names.Count == shape[1];
            analyses.Add(
                new(name, shape[transposed ? 1 : 0], shape[transposed ? 0 : 1], names)
                {
                    Run = RunOf(file, name),
                    Files = storage.Files,
                    Problem = storage.Problem,
                }
            );
        }
        return analyses;
    }

    /// <summary>Where the values and the names of the columns are stored.</summary>
    private static StorageFiles Storage(Hdf5ReadFile file, string analysis, Hdf5DatasetHandle matrix, bool allowsExternal)
    {
        var (values, path) = (
            StorageSearch.Find(file, matrix, $"/results/{analysis}/results_matrix", allowsExternal),
            $"/results/{analysis}/column_names"
        );
        if (file.Kind(path) != Hdf5NodeKind.Dataset)
            return values;
        using var names = file.OpenDataset(path);
        return values.With(StorageSearch.Find(file, names, path, allowsExternal));
    }

    private static string? RunOf(Hdf5ReadFile file, string analysis)
    {
        using var group = file.OpenGroup($"/results/{analysis}");
        return Hdf5Strings.ReadAttribute(group.Id, RunAttribute, file.Describe($"/results/{analysis}")) is [var digest] ? digest : null;
    }

    /// <summary>A dataset in newer files, an attribute of the matrix in older ones.</summary>
    private static IReadOnlyList<string> ColumnNames(Hdf5ReadFile file, string analysis, Hdf5DatasetHandle matrix)
    {
        var path = $"/results/{analysis}/column_names";
        if (file.Kind(path) == Hdf5NodeKind.Dataset)
        {
            using var dataset = file.OpenDataset(path);
            if (Hdf5Strings.Read(dataset, file.Describe(path)) is { } names)
                return names;
        }
        var subject = file.Describe($"/results/{analysis}/results_matrix");
        return Hdf5Strings.ReadAttribute(matrix.Id, "column_names", subject)
            ?? Hdf5Strings.ReadAttribute(matrix.Id, "colnames", subject)
            ?? [];
    }
}
