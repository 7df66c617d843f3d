using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.ModelArray;

/// <summary>Reads a rectangular part of a dataset through the HDF5 library.</summary>
internal static class Hdf5Slab
{
    /// <summary>Reads a part as numbers of double precision, in C order.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="subject">Dataset and file, for messages.</param>
    /// <param name="start">The first index along each axis.</param>
    /// <param name="count">The number of indices along each axis.</param>
    /// <param name="destination">Receives the values.</param>
    /// <exception cref="Failures.BadInputException">The library cannot read it.</exception>
    public static unsafe void Read(Hdf5DatasetHandle dataset, string subject, ulong[] start, ulong[] count, Span<double> destination)
    {
        var length = (ulong)destination.Length;
        lock (Hdf5Library.Lock)
        {
            using var whole = new Hdf5DataspaceHandle(Hdf5Status.Check(H5D.get_space(dataset.Id), "read the shape of", subject));
            using var memory = new Hdf5DataspaceHandle(Hdf5Status.Check(H5S.create_simple(1, &length, null), "prepare to read", subject));
            fixed (
                ulong* first = start,
                    extent = count
            )
                Hdf5Status.Check(H5S.select_hyperslab(whole.Id, H5S.SELECT_SET, first, null, extent, null), "select a part of", subject);
            fixed (double* values = destination)
                Hdf5Status.Check(
                    H5D.read(dataset.Id, H5T.NATIVE_DOUBLE, memory.Id, whole.Id, H5P.DEFAULT, (nint)values),
                    "read a part of",
                    subject
                );
        }
    }
}
