namespace HpcFit.Shared.Hdf5;

/// <summary>The files in which a dataset's values are stored, if other than the file through which it is read.</summary>
/// <param name="Owner">The HDF5 file that contains the dataset, if reached by an external link; null: the file through which it is
/// read.</param>
/// <param name="UserBlock">Size in bytes of the user block of the file that contains the dataset.</param>
/// <param name="Files">Absolute paths of all other files: the owner, external raw files, and the sources of a virtual dataset,
/// recursively.</param>
/// <param name="Problem">Why the values cannot or may not be read; null: they can.</param>
public sealed record StorageFiles(string? Owner, long UserBlock, IReadOnlyList<string> Files, string? Problem)
{
    /// <summary>All values are in the file itself.</summary>
    public static readonly StorageFiles Own = new(null, 0, [], null);

    /// <summary>These and the files of an accompanying dataset, such as its names.</summary>
    public StorageFiles With(StorageFiles other) =>
        other == Own ? this : this with { Files = [.. Files.Union(other.Files)], Problem = Problem ?? other.Problem };
}
