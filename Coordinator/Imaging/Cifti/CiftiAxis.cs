namespace HpcFit.Coordinator.Imaging.Cifti;

/// <summary>The meaning of the positions along one axis of a CIFTI matrix.</summary>
internal enum CiftiAxisKind
{
    /// <summary>Vertices and voxels of brain structures.</summary>
    BrainModels,

    /// <summary>Parcels.</summary>
    Parcels,

    /// <summary>Named maps.</summary>
    Scalars,

    /// <summary>Points of a series, such as time.</summary>
    Series,

    /// <summary>Maps of labels.</summary>
    Labels,

    /// <summary>A meaning that the standard does not define.</summary>
    Unknown,
}

/// <summary>One axis of a CIFTI matrix.</summary>
/// <param name="Kind">The meaning of its positions.</param>
/// <param name="Count">The number of positions.</param>
/// <param name="Parts">Brain models (structure name, number of positions) or parcels (name, 1), in the order of the file.</param>
/// <param name="Digest">
/// XxHash128 of the structures or parcels with all their vertices and voxels, in hexadecimal; two axes are equal if digest and volume are.
/// Empty for other kinds.
/// </param>
/// <param name="Volume">The grid of the voxels; null: no position is a voxel.</param>
internal sealed record CiftiAxis(CiftiAxisKind Kind, long Count, IReadOnlyList<CiftiPart> Parts, string Digest, CiftiVolume? Volume)
{
    /// <summary>
    /// Of brain models, for each part: the vertices of its positions on its surface, or the cells of its voxels, three numbers each. Empty
    /// for other kinds.
    /// </summary>
    public IReadOnlyList<int[]> Indices { get; init; } = [];

    /// <summary>Of brain models, for each part: the number of vertices of its surface, or 0 for voxels. Empty for other kinds.</summary>
    public IReadOnlyList<int> SurfaceVertices { get; init; } = [];

    /// <summary>The difference from another axis; null: none. Voxels may differ by a hundredth of their edge.</summary>
    public string? Difference(CiftiAxis other)
    {
        for (var i = 0; i < Math.Min(Parts.Count, other.Parts.Count); i++)
        {
            if (Parts[i] != other.Parts[i])
                return $"number {i + 1} is {Text(Parts[i])} instead of {Text(other.Parts[i])}";
        }
        if (Parts.Count != other.Parts.Count)
            return $"{Parts.Count} instead of {other.Parts.Count}";
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
/// <param name="Count">Its number of positions.</param>
internal sealed record CiftiPart(string Name, int Count);
