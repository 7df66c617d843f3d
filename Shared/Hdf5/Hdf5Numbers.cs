using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Reads small numeric tables and attributes as doubles, whatever their stored type. Integers beyond 2^53 are rounded.
/// </summary>
public static class Hdf5Numbers
{
    /// <summary>All values of a dataset in C order, or null if it does not contain numbers.</summary>
    public static double[]? Read(Hdf5DatasetHandle dataset, string subject)
    {
        lock (Hdf5Library.Lock)
        {
            using var type = new Hdf5DatatypeHandle(Hdf5Status.Check(H5D.get_type(dataset.Id), "read the type of", subject));
            return Read(
                type,
                Hdf5Shape.Read(dataset, subject),
                subject,
                (memoryType, buffer) => H5D.read(dataset.Id, memoryType, H5S.ALL, H5S.ALL, H5P.DEFAULT, buffer)
            );
        }
    }

    /// <summary>All values of an attribute in C order, or null if the object has no such attribute or it does not contain
    /// numbers.</summary>
    public static double[]? ReadAttribute(long objectId, string name, string subject)
    {
        lock (Hdf5Library.Lock)
        {
            if (!Hdf5Attributes.Exists(objectId, name, subject))
                return null;
            using var attribute = Hdf5Attributes.Open(objectId, name, subject);
            using var type = Hdf5Attributes.ReadType(attribute, name, subject);
            return Read(
                type,
                Hdf5Shape.Read(attribute, subject),
                subject,
                (memoryType, buffer) => H5A.read(attribute.Id, memoryType, buffer)
            );
        }
    }

    private static unsafe double[]? Read(Hdf5DatatypeHandle type, IReadOnlyList<long> shape, string subject, Func<long, nint, int> read)
    {
        if (H5T.get_class(type.Id) is not (H5T.INTEGER or H5T.FLOAT))
            return null;
        var values = new double[shape.Aggregate(1L, (product, extent) => checked(product * extent))];
        if (values.Length == 0)
            return values;
        fixed (double* start = values)
            Hdf5Status.Check(read(H5T.NATIVE_DOUBLE, (nint)start), "read", subject);
        return values;
    }
}
