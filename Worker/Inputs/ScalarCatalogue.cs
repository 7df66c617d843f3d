using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Worker.Inputs;

/// <summary>The scalars of a run's data files, by name.</summary>
internal sealed class ScalarCatalogue
{
    private readonly Dictionary<string, ModelArrayFile> _fileOf = new(StringComparer.Ordinal);

    /// <summary>Lists the scalars.</summary>
    /// <exception cref="BadInputException">Two files have a scalar of the same name.</exception>
    public ScalarCatalogue(IReadOnlyList<ModelArrayFile> files)
    {
        Files = files;
        foreach (var file in files)
        {
            foreach (var scalar in file.Scalars)
            {
                if (!_fileOf.TryAdd(scalar.Name, file))
                    throw new BadInputException(
                        $"'{_fileOf[scalar.Name].Path}' and '{file.Path}' both have a scalar '{scalar.Name}', so that its name is "
                            + "ambiguous. Rename one of them."
                    );
            }
        }
    }

    /// <summary>The files, as given.</summary>
    public IReadOnlyList<ModelArrayFile> Files { get; }

    /// <summary>All names, in the files' order.</summary>
    public IReadOnlyList<string> Names => [.. Files.SelectMany(file => file.Scalars).Select(scalar => scalar.Name)];

    /// <summary>The files' paths, for messages.</summary>
    public string Paths => string.Join(", ", Files.Select(file => $"'{file.Path}'"));

    /// <summary>Whether there is a scalar of that name.</summary>
    public bool Has(string name) => _fileOf.ContainsKey(name);

    /// <summary>The file of a scalar.</summary>
    /// <exception cref="BadInputException">There is none; the nearest names are listed.</exception>
    public ModelArrayFile FileOf(string name) =>
        _fileOf.TryGetValue(name, out var file)
            ? file
            : throw new BadInputException(
                $"{Paths} {(Files.Count == 1 ? "has" : "have")} no scalar '{name}'. {NearestNames.Hint(name, Names)}"
            );

    /// <summary>The scalar of that name, checked to be usable.</summary>
    /// <exception cref="BadInputException">There is none, or it cannot be used.</exception>
    public ScalarMatrix Scalar(string name) => FileOf(name).Scalar(name);
}
