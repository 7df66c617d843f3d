using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>All of a dataset but its values.</summary>
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

    /// <summary>Bytes of a whole chunk, unfiltered.</summary>
    public long ChunkBytes => Chunk.Aggregate((long)Type.Size, (product, extent) => checked(product * extent));

    /// <summary>Whether chunks are encoded by our own threads and stored as they are; else the library gets the values.</summary>
    public bool HasRawChunks => Chunk.Count > 0 && Filters.All(filter => filter.IsPlain);
}
