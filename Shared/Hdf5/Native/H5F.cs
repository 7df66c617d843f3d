using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.

/// <summary>Files.</summary>
/// <remarks>
/// Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked
/// (<see cref="Hdf5Status"/> checks).
/// </remarks>
public static unsafe partial class H5F
{
    public const uint ACC_RDONLY = 0;
    public const uint ACC_RDWR = 1;
    public const uint ACC_TRUNC = 2;
    public const uint ACC_EXCL = 4;

    public const int SCOPE_GLOBAL = 1;

    public const int LIBVER_EARLIEST = 0;
    public const int LIBVER_V110 = 2;

    public static long open(string filename, uint flags, long plist = H5P.DEFAULT)
    {
        lock (Hdf5Library.Lock)
            return H5Fopen(filename, flags, plist);
    }

    public static long create(string filename, uint flags, long create_plist = H5P.DEFAULT, long access_plist = H5P.DEFAULT)
    {
        lock (Hdf5Library.Lock)
            return H5Fcreate(filename, flags, create_plist, access_plist);
    }

    public static int flush(long object_id, int scope)
    {
        lock (Hdf5Library.Lock)
            return H5Fflush(object_id, scope);
    }

    public static int close(long file_id)
    {
        lock (Hdf5Library.Lock)
            return H5Fclose(file_id);
    }

    public static long get_create_plist(long file_id)
    {
        lock (Hdf5Library.Lock)
            return H5Fget_create_plist(file_id);
    }

    public static int get_filesize(long file_id, out ulong size)
    {
        lock (Hdf5Library.Lock)
            return H5Fget_filesize(file_id, out size);
    }

    public static int get_vfd_handle(long file_id, long fapl, out nint file_handle)
    {
        lock (Hdf5Library.Lock)
            return H5Fget_vfd_handle(file_id, fapl, out file_handle);
    }

    public static unsafe nint get_name(long obj_id, byte* name, nint size)
    {
        lock (Hdf5Library.Lock)
            return H5Fget_name(obj_id, name, size);
    }

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Fget_vfd_handle(long file_id, long fapl, out nint file_handle);

    [LibraryImport(Hdf5Library.ImportName)]
    private static unsafe partial nint H5Fget_name(long obj_id, byte* name, nint size);

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long H5Fopen(string filename, uint flags, long plist);

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long H5Fcreate(string filename, uint flags, long create_plist, long access_plist);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Fflush(long object_id, int scope);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Fclose(long file_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Fget_create_plist(long file_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Fget_filesize(long file_id, out ulong size);
}
