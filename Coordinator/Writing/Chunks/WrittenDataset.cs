using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Coordinator.Writing.Chunks;

/// <summary>A dataset as it was passed to the library.</summary>
/// <param name="Layout">Everything except its values.</param>
/// <param name="Blocks">One record per block, in the grid's order.</param>
internal sealed record WrittenDataset(DatasetLayout Layout, IReadOnlyList<BlockRecord> Blocks)
{
    /// <summary>The stored size of its blocks in bytes.</summary>
    public long StoredBytes => Blocks.Sum(block => (long)block.Length);
}

/// <summary>Data on a block that was passed to the library, for the verification.</summary>
/// <param name="Length">Length in bytes: of the stored chunk, or of the region's values.</param>
/// <param name="FilterMask">Filters that were skipped.</param>
/// <param name="Checksum">XxHash3 of these bytes: it detects damage, not malice.</param>
internal readonly record struct BlockRecord(int Length, uint FilterMask, ulong Checksum);
