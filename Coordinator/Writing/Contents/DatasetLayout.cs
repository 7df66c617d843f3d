using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>A dataset without its values.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Shape">Its extents, C order.</param>
/// <param name="Chunk">Extents of a chunk; empty: contiguous.</param>
/// <param name="Filters">The filter pipeline in the order of writing.</param>
internal sealed record DatasetLayout(
    string Path,
    ElementType Type,
    IReadOnlyList<long> Shape,
    IReadOnlyList<long> Chunk,
    IReadOnlyList<StoredFilter> Filters
)
{
    /// <summary>Bytes of all values.</summary>
    public long Bytes => Shape.Aggregate((long)Type.Size, (product, extent) => checked(product * extent));

    /// <summary>Bytes of a full chunk before filtering.</summary>
    public long ChunkBytes => Chunk.Aggregate((long)Type.Size, (product, extent) => checked(product * extent));

    /// <summary>Whether our own threads encode chunks, which are then stored directly; otherwise the library gets the values.</summary>
    public bool HasRawChunks => Chunk.Count > 0 && Filters.All(filter => filter.IsPlain);
}
