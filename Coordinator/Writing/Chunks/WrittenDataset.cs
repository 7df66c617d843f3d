using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Coordinator.Writing.Chunks;

/// <summary>A dataset as it was handed to the library.</summary>
/// <param name="Layout">All of it but its values.</param>
/// <param name="Blocks">One record per block, in the grid's order.</param>
internal sealed record WrittenDataset(DatasetLayout Layout, IReadOnlyList<BlockRecord> Blocks)
{
    /// <summary>Bytes its blocks take in the file.</summary>
    public long StoredBytes => Blocks.Sum(block => (long)block.Length);
}
