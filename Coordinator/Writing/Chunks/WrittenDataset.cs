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
