using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>Reads the extents of dataspaces.</summary>
public static class Hdf5Shape
{
    /// <summary>The extents of a dataset in C order; empty for a scalar or null dataspace.</summary>
    public static IReadOnlyList<long> Read(Hdf5DatasetHandle dataset, string subject)
    {
        lock (Hdf5Library.Lock)
            return Take(H5D.get_space(dataset.Id), subject);
    }

    /// <summary>The extents of an attribute.</summary>
    public static IReadOnlyList<long> Read(Hdf5AttributeHandle attribute, string subject)
    {
        lock (Hdf5Library.Lock)
            return Take(H5A.get_space(attribute.Id), subject);
    }

    private static unsafe long[] Take(long spaceId, string subject)
    {
        using var space = new Hdf5DataspaceHandle(Hdf5Status.Check(spaceId, "read the shape of", subject));
        var rank = Hdf5Status.Check(H5S.get_simple_extent_ndims(space.Id), "read the rank of", subject);
        var extents = new ulong[rank];
        fixed (ulong* start = extents)
            Hdf5Status.Check(H5S.get_simple_extent_dims(space.Id, start, null), "read the extents of", subject);
        return Array.ConvertAll(extents, extent => checked((long)extent));
    }
}
