using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Imaging.Rechunking;

/// <summary>The input, output and options of a rewrite. Paths are resolved.</summary>
internal sealed record RechunkPlan
{
    /// <summary>The input file.</summary>
    public required string Input { get; init; }

    /// <summary>The new file.</summary>
    public required string Output { get; init; }

    /// <summary>The storage of scalars in the new file.</summary>
    public ScalarStorage Storage { get; init; } = new();

    /// <summary>The type of its scalars; null: the narrowest floating-point type that represents the stored values.</summary>
    public ElementType? Type { get; init; }

    /// <summary>The folder of the spool; null: the output's.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>Whether values may be stored outside the input's folder.</summary>
    public bool AllowExternal { get; init; }

    /// <summary>Whether an existing output file is replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The time limit of a call into the HDF5 library.</summary>
    public TimeSpan MetadataTimeout { get; init; } = LibraryWatch.DefaultLimit;
}
