namespace HpcFit.Coordinator.Imaging.Cifti;

/// <summary>What the positions along one axis of a CIFTI matrix mean.</summary>
internal enum CiftiAxisKind
{
    /// <summary>Vertices and voxels of brain structures.</summary>
    BrainModels,

    /// <summary>Parcels.</summary>
    Parcels,

    /// <summary>Named maps.</summary>
    Scalars,

    /// <summary>Points in time or of another series.</summary>
    Series,

    /// <summary>Maps of labels.</summary>
    Labels,

    /// <summary>None that the standard names.</summary>
    Unknown,
}

/// <summary>One axis of a CIFTI matrix.</summary>
/// <param name="Kind">What its positions mean.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Parts">Brain models (structure's name, how many positions), or parcels (name, 1), in their order.</param>
/// <param name="Digest">
/// XxHash128 of the structures or parcels with all their vertices and voxels, in hexadecimal; two axes agree when digest and volume do.
/// Empty for other kinds.
/// </param>
/// <param name="Volume">The grid that the voxels are counted on; null: no position is a voxel.</param>
internal sealed record CiftiAxis(CiftiAxisKind Kind, long Count, IReadOnlyList<CiftiPart> Parts, string Digest, CiftiVolume? Volume)
{
    /// <summary>How this axis differs from another; null: it does not. Voxels may lie a hundredth of their edge apart.</summary>
    public string? Difference(CiftiAxis other)
    {
        for (var i = 0; i < Math.Min(Parts.Count, other.Parts.Count); i++)
        {
            if (Parts[i] != other.Parts[i])
                return $"number {i + 1} is {Text(Parts[i])} instead of {Text(other.Parts[i])}";
        }
        if (Parts.Count != other.Parts.Count)
            return $"{Parts.Count} of them instead of {other.Parts.Count}";
        if (Count != other.Count)
            return $"{Count:N0} positions instead of {other.Count:N0}";
        if (Digest != other.Digest)
            return "their vertices or voxels, or the vertices of their surfaces, differ";
        return Volume is null || other.Volume is null ? null : Volume.Difference(other.Volume);
    }

    private string Text(CiftiPart part) =>
        Kind == CiftiAxisKind.Parcels ? $"'{part.Name}'" : $"{part.Name} with {part.Count:N0} greyordinates";
}

/// <summary>A brain model or a parcel.</summary>
/// <param name="Name">Its name, such as <c>CIFTI_STRUCTURE_CORTEX_LEFT</c>.</param>
/// <param name="Count">How many positions it takes.</param>
internal sealed record CiftiPart(string Name, int Count);
