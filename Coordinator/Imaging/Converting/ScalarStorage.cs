using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>The storage of scalars.</summary>
internal sealed record ScalarStorage
{
    /// <summary>float32 or float64.</summary>
    public ElementType Type { get; init; } = ElementType.Float32;

    /// <summary>The filters; empty: none.</summary>
    public IReadOnlyList<StoredFilter> Filters { get; init; } = DatasetContent.ShuffleGzip(4);

    /// <summary>Elements per chunk; null: as many as fit into <see cref="TargetChunkBytes"/>.</summary>
    public int? ChunkElements { get; init; }

    /// <summary>The approximate size of a chunk; ModelArrayIO uses the same.</summary>
    public double TargetChunkBytes { get; init; } = 2.0 * (1 << 20);

    /// <summary>The chunk shape; a chunk contains all subjects, so that all values of an element are read together.</summary>
    public BlockLayout Layout(int subjects, int elements)
    {
        var wanted = ChunkElements ?? (long)(TargetChunkBytes / ((double)Type.Size * subjects));
        // HDF5 stores a chunk's size in 32 bits.
        var maxElements = Math.Max(1, (uint.MaxValue - 1L) / ((long)Type.Size * subjects));
        return new(elements, (int)Math.Clamp(wanted, 1, Math.Min(elements, maxElements)), Type.Size);
    }
}
