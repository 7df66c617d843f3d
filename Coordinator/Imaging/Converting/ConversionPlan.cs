namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>What is converted into what. Paths are resolved.</summary>
internal sealed record ConversionPlan
{
    /// <summary>The cohort, CSV or TSV.</summary>
    public required string Cohort { get; init; }

    /// <summary>The folder at which relative paths in the cohort begin.</summary>
    public required string Root { get; init; }

    /// <summary>The new HDF5 file, or with <see cref="SplitFiles"/> the name behind the scalars' names.</summary>
    public required string Output { get; init; }

    /// <summary>The columns of files in a wide cohort; empty: a long one.</summary>
    public IReadOnlyList<string> ScalarColumns { get; init; } = [];

    /// <summary>Whether each scalar gets a file of its own; null: a wide cohort's do, as ModelArrayIO does it.</summary>
    public bool? SplitFiles { get; init; }

    /// <summary>What the images must be; null: what their names tell.</summary>
    public Modality? Modality { get; init; }

    /// <summary>The group mask of volumes.</summary>
    public string? Mask { get; init; }

    /// <summary>The index image of fixel data.</summary>
    public string? Index { get; init; }

    /// <summary>The directions image of fixel data.</summary>
    public string? Directions { get; init; }

    /// <summary>How scalars are stored.</summary>
    public ScalarStorage Storage { get; init; } = new();

    /// <summary>The folder of the spool; null: the output's.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>Whether files of the outputs' names are replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Threads that read and compress.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
