namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>The inputs and outputs of an export. Paths are resolved.</summary>
internal sealed record ExportPlan
{
    /// <summary>The HDF5 file.</summary>
    public required string Data { get; init; }

    /// <summary>Whether values may be stored outside its folder.</summary>
    public bool AllowExternal { get; init; }

    /// <summary>The folder for the maps.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>The analysis; null: a scalar is exported.</summary>
    public string? Analysis { get; init; }

    /// <summary>The result columns, and <see cref="ElementStatuses.Name"/>; null: all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>
    /// The condition that elements meet whose values are shown (<see cref="Tables.Queries.RowQuery.Where"/>); null: all elements.
    /// </summary>
    public string? Threshold { get; init; }

    /// <summary>How maps of hypotheses with p-values by permutation are named.</summary>
    public MapNames Names { get; init; }

    /// <summary>The value of cells without a result.</summary>
    public Background Background { get; init; }

    /// <summary>The scalar; null: an analysis is exported.</summary>
    public string? Scalar { get; init; }

    /// <summary>The scalar's column (subject), counted from 0 as in ModelArrayIO; null: that of <see cref="SourceFile"/>.</summary>
    public long? ColumnIndex { get; init; }

    /// <summary>The scalar's column by its source name.</summary>
    public string? SourceFile { get; init; }

    /// <summary>The mask that locates the voxels.</summary>
    public string? Mask { get; init; }

    /// <summary>The index image of fixel data.</summary>
    public string? Index { get; init; }

    /// <summary>The directions image of fixel data.</summary>
    public string? Directions { get; init; }

    /// <summary>An image whose header the maps get.</summary>
    public string? Example { get; init; }

    /// <summary>A cohort whose first image is the example.</summary>
    public string? Cohort { get; init; }

    /// <summary>The folder against which relative paths in the cohort are resolved.</summary>
    public required string Root { get; init; }

    /// <summary>Whether maps are compressed by gzip if their format supports it.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>Whether existing maps are replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The number of threads that make maps.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
