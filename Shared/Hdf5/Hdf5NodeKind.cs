namespace HpcFit.Shared.Hdf5;

/// <summary>The kind of object at a path of an HDF5 file.</summary>
public enum Hdf5NodeKind
{
    /// <summary>No object, a dangling link, or a path through something other than a group.</summary>
    Absent,

    /// <summary>A group.</summary>
    Group,

    /// <summary>A dataset.</summary>
    Dataset,

    /// <summary>A named datatype or another object.</summary>
    Other,
}
