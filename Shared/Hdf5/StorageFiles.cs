namespace HpcFit.Shared.Hdf5;

/// <summary>The files in which a dataset's values are stored, where they are others than the one through which it is read.</summary>
/// <param name="Owner">The HDF5 file that holds the dataset, behind an external link; null: the file through which it is read.</param>
/// <param name="UserBlock">Bytes in front of the HDF5 data of the file that holds the dataset.</param>
/// <param name="Files">Every other file: the owner, external raw files, and the sources of a virtual dataset, theirs included.
/// Absolute.</param>
/// <param name="Problem">Why the values cannot be read, or may not; null: they can.</param>
public sealed record StorageFiles(string? Owner, long UserBlock, IReadOnlyList<string> Files, string? Problem)
{
    /// <summary>All values are in the file itself.</summary>
    public static readonly StorageFiles Own = new(null, 0, [], null);

    /// <summary>These with the files of a dataset that is read beside it: its names.</summary>
    public StorageFiles With(StorageFiles other) =>
        other == Own ? this : this with { Files = [.. Files.Union(other.Files)], Problem = Problem ?? other.Problem };
}
