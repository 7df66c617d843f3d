using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.

/// <summary>Attributes.</summary>
/// <remarks>
/// Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked
/// (<see cref="Hdf5Status"/> checks).
/// </remarks>
public static unsafe partial class H5A
{
    public static int exists(long obj_id, string attr_name)
    {
        lock (Hdf5Library.Lock)
            return H5Aexists(obj_id, attr_name);
    }

    public static long open(long obj_id, string attr_name, long aapl_id = H5P.DEFAULT)
    {
        lock (Hdf5Library.Lock)
            return H5Aopen(obj_id, attr_name, aapl_id);
    }

    public static long open_by_idx(
        long loc_id,
        string obj_name,
        int idx_type,
        int order,
        ulong n,
        long aapl_id = H5P.DEFAULT,
        long lapl_id = H5P.DEFAULT
    )
    {
        lock (Hdf5Library.Lock)
            return H5Aopen_by_idx(loc_id, obj_name, idx_type, order, n, aapl_id, lapl_id);
    }

    public static int get_num_attrs(long loc_id)
    {
        lock (Hdf5Library.Lock)
            return H5Aget_num_attrs(loc_id);
    }

    public static nint get_name(long attr_id, nint size, byte* name)
    {
        lock (Hdf5Library.Lock)
            return H5Aget_name(attr_id, size, name);
    }

    public static long create(
        long loc_id,
        string attr_name,
        long type_id,
        long space_id,
        long acpl_id = H5P.DEFAULT,
        long aapl_id = H5P.DEFAULT
    )
    {
        lock (Hdf5Library.Lock)
            return H5Acreate2(loc_id, attr_name, type_id, space_id, acpl_id, aapl_id);
    }

    public static int read(long attr_id, long mem_type_id, nint buf)
    {
        lock (Hdf5Library.Lock)
            return H5Aread(attr_id, mem_type_id, buf);
    }

    public static int write(long attr_id, long mem_type_id, nint buf)
    {
        lock (Hdf5Library.Lock)
            return H5Awrite(attr_id, mem_type_id, buf);
    }

    public static long get_space(long attr_id)
    {
        lock (Hdf5Library.Lock)
            return H5Aget_space(attr_id);
    }

    public static long get_type(long attr_id)
    {
        lock (Hdf5Library.Lock)
            return H5Aget_type(attr_id);
    }

    public static int close(long attr_id)
    {
        lock (Hdf5Library.Lock)
            return H5Aclose(attr_id);
    }

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int H5Aexists(long obj_id, string attr_name);

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long H5Aopen(long obj_id, string attr_name, long aapl_id);

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long H5Aopen_by_idx(long loc_id, string obj_name, int idx_type, int order, ulong n, long aapl_id, long lapl_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Aget_num_attrs(long loc_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial nint H5Aget_name(long attr_id, nint size, byte* name);

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long H5Acreate2(long loc_id, string attr_name, long type_id, long space_id, long acpl_id, long aapl_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Aread(long attr_id, long mem_type_id, nint buf);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Awrite(long attr_id, long mem_type_id, nint buf);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Aget_space(long attr_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Aget_type(long attr_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Aclose(long attr_id);
}
