namespace HpcFit.Coordinator.Writing.Chunks;

/// <summary>Data on a block that was passed to the library, for the verification.</summary>
/// <param name="Length">Length in bytes: of the stored chunk, or of the region's values.</param>
/// <param name="FilterMask">Filters that were skipped.</param>
/// <param name="Checksum">XxHash3 of these bytes: it detects damage, not malice.</param>
internal readonly record struct BlockRecord(int Length, uint FilterMask, ulong Checksum);
