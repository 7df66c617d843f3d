namespace HpcFit.Coordinator.Writing.Chunks;

/// <summary>What is remembered of a block that was handed to the library, for the verification.</summary>
/// <param name="Length">Bytes: stored ones of a chunk, values of a region.</param>
/// <param name="FilterMask">Filters that were left out.</param>
/// <param name="Checksum">XxHash3 of these bytes: it finds damage, not malice.</param>
internal readonly record struct BlockRecord(int Length, uint FilterMask, ulong Checksum);
