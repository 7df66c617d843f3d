namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>What is exported into which images. Paths are resolved.</summary>
internal sealed record ExportPlan
{
    /// <summary>The HDF5 file.</summary>
    public required string Data { get; init; }

    /// <summary>Whether values may lie outside its folder.</summary>
    public bool AllowExternal { get; init; }

    /// <summary>The folder of the maps.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>The analysis; null: a scalar's column is wanted.</summary>
    public string? Analysis { get; init; }

    /// <summary>The result columns; null: all of them.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The scalar; null: an analysis is wanted.</summary>
    public string? Scalar { get; init; }

    /// <summary>The scalar's column (subject), counted from 0 as ModelArrayIO does; null: that of <see cref="SourceFile"/>.</summary>
    public long? ColumnIndex { get; init; }

    /// <summary>The scalar's column by its source name.</summary>
    public string? SourceFile { get; init; }

    /// <summary>The mask that tells where voxels lie.</summary>
    public string? Mask { get; init; }

    /// <summary>The index image of fixel data.</summary>
    public string? Index { get; init; }

    /// <summary>The directions image of fixel data.</summary>
    public string? Directions { get; init; }

    /// <summary>An image whose header the maps take.</summary>
    public string? Example { get; init; }

    /// <summary>A cohort whose first image is the example.</summary>
    public string? Cohort { get; init; }

    /// <summary>The folder at which relative paths in the cohort begin.</summary>
    public required string Root { get; init; }

    /// <summary>Whether maps are gzip files where their format allows it.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>Whether maps of the same names are replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Threads that make maps.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
