namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>The inputs and outputs of a conversion. Paths are resolved.</summary>
internal sealed record ConversionPlan
{
    /// <summary>The cohort, CSV or TSV.</summary>
    public required string Cohort { get; init; }

    /// <summary>The folder against which relative paths in the cohort are resolved.</summary>
    public required string Root { get; init; }

    /// <summary>The new HDF5 file or, with <see cref="SplitFiles"/>, the name that follows the scalars' names.</summary>
    public required string Output { get; init; }

    /// <summary>The columns of files in a wide cohort; empty: a long cohort.</summary>
    public IReadOnlyList<string> ScalarColumns { get; init; } = [];

    /// <summary>Whether each scalar gets its own file; null: for wide cohorts only, as in ModelArrayIO.</summary>
    public bool? SplitFiles { get; init; }

    /// <summary>The required kind of the images; null: determined by their names.</summary>
    public Modality? Modality { get; init; }

    /// <summary>The group mask of volumes.</summary>
    public string? Mask { get; init; }

    /// <summary>The index image of fixel data.</summary>
    public string? Index { get; init; }

    /// <summary>The directions image of fixel data.</summary>
    public string? Directions { get; init; }

    /// <summary>The storage of scalars.</summary>
    public ScalarStorage Storage { get; init; } = new();

    /// <summary>The folder of the spool; null: the output's.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>Whether existing output files are replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The number of threads that read and compress.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
