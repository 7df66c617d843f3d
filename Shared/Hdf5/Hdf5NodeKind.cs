namespace HpcFit.Shared.Hdf5;

/// <summary>What lies at a path of an HDF5 file.</summary>
public enum Hdf5NodeKind
{
    /// <summary>Nothing, a dangling link, or a path that leads through something that is no group.</summary>
    Absent,

    /// <summary>A group.</summary>
    Group,

    /// <summary>A dataset.</summary>
    Dataset,

    /// <summary>A named datatype or another object.</summary>
    Other,
}
