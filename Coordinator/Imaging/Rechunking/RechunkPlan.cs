using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Imaging.Rechunking;

/// <summary>What is rewritten and how. Paths are resolved.</summary>
internal sealed record RechunkPlan
{
    /// <summary>The file that is read.</summary>
    public required string Input { get; init; }

    /// <summary>The new file.</summary>
    public required string Output { get; init; }

    /// <summary>How scalars are stored in it.</summary>
    public ScalarStorage Storage { get; init; } = new();

    /// <summary>The type of its scalars; null: the narrowest floating point that holds what is there.</summary>
    public ElementType? Type { get; init; }

    /// <summary>The folder of the spool; null: the output's.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>Whether values may lie outside the input's folder.</summary>
    public bool AllowExternal { get; init; }

    /// <summary>Whether a file of the output's name is replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How long a call into the HDF5 library may take.</summary>
    public TimeSpan MetadataTimeout { get; init; } = LibraryWatch.DefaultLimit;
}
