using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.

/// <summary>Dataspaces.</summary>
/// <remarks>
/// Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked
/// (<see cref="Hdf5Status"/> checks).
/// </remarks>
public static unsafe partial class H5S
{
    public const long ALL = 0;
    public const int SCALAR = 0;
    public const int SEL_ALL = 3;
    public const int SELECT_SET = 0;

    public static long create(int type)
    {
        lock (Hdf5Library.Lock)
            return H5Screate(type);
    }

    public static long create_simple(int rank, ulong* dims, ulong* maxdims)
    {
        lock (Hdf5Library.Lock)
            return H5Screate_simple(rank, dims, maxdims);
    }

    public static int close(long space_id)
    {
        lock (Hdf5Library.Lock)
            return H5Sclose(space_id);
    }

    public static int get_simple_extent_ndims(long space_id)
    {
        lock (Hdf5Library.Lock)
            return H5Sget_simple_extent_ndims(space_id);
    }

    public static int get_simple_extent_dims(long space_id, ulong* dims, ulong* maxdims)
    {
        lock (Hdf5Library.Lock)
            return H5Sget_simple_extent_dims(space_id, dims, maxdims);
    }

    public static long get_simple_extent_npoints(long space_id)
    {
        lock (Hdf5Library.Lock)
            return H5Sget_simple_extent_npoints(space_id);
    }

    public static int select_hyperslab(long space_id, int op, ulong* start, ulong* stride, ulong* count, ulong* block)
    {
        lock (Hdf5Library.Lock)
            return H5Sselect_hyperslab(space_id, op, start, stride, count, block);
    }

    public static long get_select_npoints(long space_id)
    {
        lock (Hdf5Library.Lock)
            return H5Sget_select_npoints(space_id);
    }

    public static int get_select_bounds(long space_id, ulong* start, ulong* end)
    {
        lock (Hdf5Library.Lock)
            return H5Sget_select_bounds(space_id, start, end);
    }

    public static int get_select_type(long space_id)
    {
        lock (Hdf5Library.Lock)
            return H5Sget_select_type(space_id);
    }

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Screate(int type);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Screate_simple(int rank, ulong* dims, ulong* maxdims);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Sclose(long space_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Sget_simple_extent_ndims(long space_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Sget_simple_extent_dims(long space_id, ulong* dims, ulong* maxdims);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Sget_simple_extent_npoints(long space_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Sselect_hyperslab(long space_id, int op, ulong* start, ulong* stride, ulong* count, ulong* block);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Sget_select_npoints(long space_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Sget_select_bounds(long space_id, ulong* start, ulong* end);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Sget_select_type(long space_id);
}
