using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>How scalars are stored.</summary>
internal sealed record ScalarStorage
{
    /// <summary>float32 or float64.</summary>
    public ElementType Type { get; init; } = ElementType.Float32;

    /// <summary>The filters; empty: none.</summary>
    public IReadOnlyList<StoredFilter> Filters { get; init; } = DatasetContent.ShuffleGzip(4);

    /// <summary>Elements of a chunk; null: as many as <see cref="TargetChunkBytes"/> holds.</summary>
    public int? ChunkElements { get; init; }

    /// <summary>The size of a chunk, about; ModelArrayIO's is the same.</summary>
    public double TargetChunkBytes { get; init; } = 2.0 * (1 << 20);

    /// <summary>A chunk spans all subjects, so that whatever an element needs is read together.</summary>
    public BlockLayout Layout(int subjects, int elements)
    {
        var wanted = ChunkElements ?? (long)(TargetChunkBytes / ((double)Type.Size * subjects));
        // HDF5 keeps a chunk's size in 32 bits.
        var most = Math.Max(1, (uint.MaxValue - 1L) / ((long)Type.Size * subjects));
        return new(elements, (int)Math.Clamp(wanted, 1, Math.Min(elements, most)), Type.Size);
    }
}
