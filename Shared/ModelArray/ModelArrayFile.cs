using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>
/// The content of a ModelArray file: scalars, analyses, element tables. A snapshot: no file stays open, so it never blocks a write.
/// </summary>
public sealed class ModelArrayFile
{
    /// <summary>The path as it was given.</summary>
    public required string Path { get; init; }

    /// <summary>The file's length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Size in bytes of the user block before the HDF5 data.</summary>
    public required long UserBlock { get; init; }

    /// <summary>The scalars in name order.</summary>
    public required IReadOnlyList<ScalarMatrix> Scalars { get; init; }

    /// <summary>The analyses in name order.</summary>
    public required IReadOnlyList<AnalysisSummary> Analyses { get; init; }

    /// <summary>What prevents writing results into it.</summary>
    public IReadOnlyList<Obstacle> Obstacles { get; init; } = [];

    /// <summary>The element tables in name order.</summary>
    public required IReadOnlyList<ElementTable> ElementTables { get; init; }

    /// <summary>Reads the metadata of <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="allowsExternal">Whether scalars and analyses may be stored in files outside its folder.</param>
    /// <exception cref="BadInputException">The file is missing, not an HDF5 file, truncated, or has no scalars.</exception>
    public static ModelArrayFile Open(string path, bool allowsExternal = false)
    {
        UndoJournal.RefuseIfPresent(path);
        using var file = Hdf5ReadFile.Open(path);
        return Read(file, allowsExternal, ReadScalars(file, allowsExternal));
    }

    /// <summary>The same for a file of results, which has analyses and no scalars.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file is missing, not an HDF5 file, truncated, or has neither scalars nor
    /// analyses.</exception>
    public static ModelArrayFile OpenAny(string path)
    {
        UndoJournal.RefuseIfPresent(path);
        using var file = Hdf5ReadFile.Open(path);
        var isOfResults = file.Kind("/scalars") == Hdf5NodeKind.Absent && AnalysisMetadata.Read(file, allowsExternal: false).Count > 0;
        return Read(file, allowsExternal: false, isOfResults ? [] : ReadScalars(file, allowsExternal: false));
    }

    private static ModelArrayFile Read(Hdf5ReadFile file, bool allowsExternal, IReadOnlyList<ScalarMatrix> scalars) =>
        new()
        {
            Path = file.Path,
            Length = new FileInfo(file.Path).Length,
            UserBlock = file.UserBlock(),
            Scalars = scalars,
            Analyses = AnalysisMetadata.Read(file, allowsExternal),
            Obstacles = ResultPlaces.Obstacles(file),
            ElementTables = ElementTable.ReadAll(file, allowsExternal),
        };

    private static List<ScalarMatrix> ReadScalars(Hdf5ReadFile file, bool allowsExternal)
    {
        if (file.Kind("/scalars") != Hdf5NodeKind.Group)
            throw new BadInputException(
                $"'{file.Path}' is an HDF5 file without the group '/scalars'. ModelArray files contain '/scalars/<name>/values'; "
                    + $"{RootContent(file)}"
            );
        var scalars = file.Children("/scalars")
            .Select(name => ScalarMetadata.Read(file, name, allowsExternal))
            .OfType<ScalarMatrix>()
            .ToList();
        return scalars.Count > 0
            ? scalars
            : throw new BadInputException($"'{file.Path}' has a group '/scalars', but it contains no matrix '/scalars/<name>/values'.");
    }

    /// <summary>Reads the analyses of a file that may contain nothing else, such as a separate output file.</summary>
    /// <exception cref="BadInputException">The file is missing, not an HDF5 file, or truncated.</exception>
    public static IReadOnlyList<AnalysisSummary> ReadAnalyses(string path)
    {
        using var file = Hdf5ReadFile.Open(path);
        return AnalysisMetadata.Read(file, allowsExternal: false);
    }

    /// <summary>Reads what is stored about the fits of a file's analyses, by analysis.</summary>
    /// <inheritdoc cref="ReadAnalyses"/>
    public static IReadOnlyDictionary<string, AnalysisRecord> ReadRecords(string path)
    {
        using var file = Hdf5ReadFile.Open(path);
        return AnalysisMetadata
            .Read(file, allowsExternal: false)
            .ToDictionary(analysis => analysis.Name, analysis => AnalysisRecord.Read(file, analysis.Name), StringComparer.Ordinal);
    }

    /// <summary>The scalar of that name, verified to be usable.</summary>
    /// <exception cref="BadInputException">There is no such scalar (the nearest names are listed), or it cannot be used (the message says
    /// why).</exception>
    public ScalarMatrix Scalar(string name)
    {
        var scalar =
            Scalars.FirstOrDefault(one => one.Name == name)
            ?? throw new BadInputException($"'{Path}' has no scalar '{name}'. {NearestNames.Hint(name, Scalars.Select(one => one.Name))}");
        return scalar.Problem is null
            ? scalar
            : throw new BadInputException($"The scalar '{name}' of '{Path}' cannot be used: {scalar.Problem}");
    }

    private static string RootContent(Hdf5ReadFile file)
    {
        var names = file.Children("/");
        return names.Count == 0
            ? "this one is empty."
            : $"this one contains {string.Join(", ", names.Take(8))}{(names.Count > 8 ? ", …" : "")}.";
    }
}
