using System.Diagnostics.CodeAnalysis;

namespace HpcFit.Shared.Hdf5;

/// <summary>The location of one stored chunk.</summary>
/// <param name="Address">Byte offset in the file, including the user block; negative if the chunk was never written.</param>
/// <param name="Size">Stored bytes.</param>
/// <param name="FilterMask">Bit i set: filter i of the pipeline was skipped for this chunk.</param>
internal readonly record struct ChunkLocation(long Address, uint Size, uint FilterMask)
{
    /// <summary>A chunk that was never written.</summary>
    public static readonly ChunkLocation Missing = new(-1, 0, 0);

    /// <summary>Whether the chunk is stored.</summary>
    public bool IsStored => Address >= 0;
}

/// <summary>
/// The locations of all chunks of one dataset, by the grid's numbers. Immutable; it makes reading chunks possible without the library and
/// its lock.
/// </summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "HDF5 calls it the chunk index.")]
internal sealed class ChunkIndex(ChunkLocation[] locations)
{
    /// <summary>The number of chunks of the matrix, written or not.</summary>
    public int Count => locations.Length;

    /// <summary>The location of a chunk.</summary>
    public ChunkLocation this[long number] => locations[number];
}
