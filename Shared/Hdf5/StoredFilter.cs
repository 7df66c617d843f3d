namespace HpcFit.Shared.Hdf5;

/// <summary>One step of a dataset's filter pipeline, in the order in which chunks were written.</summary>
/// <param name="Id">HDF5's registered number.</param>
/// <param name="Name">The name in the file, or HDF5's for its own filters.</param>
/// <param name="Parameters">The filter's client data; the level for deflate.</param>
public sealed record StoredFilter(int Id, string Name, IReadOnlyList<uint> Parameters)
{
    /// <summary>Deflate, called gzip in HDF5.</summary>
    public const int Deflate = 1;

    /// <summary>Shuffle: groups bytes of equal significance.</summary>
    public const int Shuffle = 2;

    /// <summary>Fletcher-32: a checksum after the chunk.</summary>
    public const int Fletcher32 = 3;

    /// <summary>Whether it is decoded by this program's threads; other filters are left to the library.</summary>
    public bool IsPlain => Id is Deflate or Shuffle or Fletcher32;

    /// <inheritdoc/>
    public override string ToString() => Id == Deflate && Parameters.Count > 0 ? $"gzip {Parameters[0]}" : Name;

    /// <inheritdoc/>
    public bool Equals(StoredFilter? other) => other is not null && Id == other.Id && Parameters.SequenceEqual(other.Parameters);

    /// <inheritdoc/>
    public override int GetHashCode() => Id;
}
