using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.

/// <summary>Property lists.</summary>
/// <remarks>
/// Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked
/// (<see cref="Hdf5Status"/> checks).
/// </remarks>
public static unsafe partial class H5P
{
    public const long DEFAULT = 0;

    public static long FILE_ACCESS => Hdf5Library.Identifier("H5P_CLS_FILE_ACCESS_ID_g");
    public static long DATASET_CREATE => Hdf5Library.Identifier("H5P_CLS_DATASET_CREATE_ID_g");
    public static long DATASET_ACCESS => Hdf5Library.Identifier("H5P_CLS_DATASET_ACCESS_ID_g");
    public static long LINK_CREATE => Hdf5Library.Identifier("H5P_CLS_LINK_CREATE_ID_g");

    public static long create(long cls_id)
    {
        lock (Hdf5Library.Lock)
            return H5Pcreate(cls_id);
    }

    public static int close(long plist_id)
    {
        lock (Hdf5Library.Lock)
            return H5Pclose(plist_id);
    }

    public static int get_layout(long plist_id)
    {
        lock (Hdf5Library.Lock)
            return H5Pget_layout(plist_id);
    }

    public static int get_chunk(long plist_id, int max_ndims, ulong* dims)
    {
        lock (Hdf5Library.Lock)
            return H5Pget_chunk(plist_id, max_ndims, dims);
    }

    public static int set_chunk(long plist_id, int ndims, ulong* dims)
    {
        lock (Hdf5Library.Lock)
            return H5Pset_chunk(plist_id, ndims, dims);
    }

    public static int get_nfilters(long plist_id)
    {
        lock (Hdf5Library.Lock)
            return H5Pget_nfilters(plist_id);
    }

    public static int get_filter(
        long plist_id,
        uint idx,
        uint* flags,
        nint* cd_nelmts,
        uint* cd_values,
        nint namelen,
        byte* name,
        uint* filter_config
    )
    {
        lock (Hdf5Library.Lock)
            return H5Pget_filter2(plist_id, idx, flags, cd_nelmts, cd_values, namelen, name, filter_config);
    }

    public static int set_filter(long plist_id, int filter_id, uint flags, nint cd_nelmts, uint* cd_values)
    {
        lock (Hdf5Library.Lock)
            return H5Pset_filter(plist_id, filter_id, flags, cd_nelmts, cd_values);
    }

    public static int set_deflate(long plist_id, uint level)
    {
        lock (Hdf5Library.Lock)
            return H5Pset_deflate(plist_id, level);
    }

    public static int set_shuffle(long plist_id)
    {
        lock (Hdf5Library.Lock)
            return H5Pset_shuffle(plist_id);
    }

    public static int fill_value_defined(long plist_id, out int status)
    {
        lock (Hdf5Library.Lock)
            return H5Pfill_value_defined(plist_id, out status);
    }

    public static int get_fill_value(long plist_id, long type_id, nint value)
    {
        lock (Hdf5Library.Lock)
            return H5Pget_fill_value(plist_id, type_id, value);
    }

    public static int get_external_count(long plist_id)
    {
        lock (Hdf5Library.Lock)
            return H5Pget_external_count(plist_id);
    }

    public static int get_external(long plist_id, uint idx, nint name_size, byte* name, long* offset, ulong* size)
    {
        lock (Hdf5Library.Lock)
            return H5Pget_external(plist_id, idx, name_size, name, offset, size);
    }

    public static int get_virtual_count(long dcpl_id, out nint count)
    {
        lock (Hdf5Library.Lock)
            return H5Pget_virtual_count(dcpl_id, out count);
    }

    public static long get_virtual_vspace(long dcpl_id, nint index)
    {
        lock (Hdf5Library.Lock)
            return H5Pget_virtual_vspace(dcpl_id, index);
    }

    public static long get_virtual_srcspace(long dcpl_id, nint index)
    {
        lock (Hdf5Library.Lock)
            return H5Pget_virtual_srcspace(dcpl_id, index);
    }

    public static nint get_virtual_filename(long dcpl_id, nint index, byte* name, nint size)
    {
        lock (Hdf5Library.Lock)
            return H5Pget_virtual_filename(dcpl_id, index, name, size);
    }

    public static nint get_virtual_dsetname(long dcpl_id, nint index, byte* name, nint size)
    {
        lock (Hdf5Library.Lock)
            return H5Pget_virtual_dsetname(dcpl_id, index, name, size);
    }

    public static int get_userblock(long plist_id, out ulong size)
    {
        lock (Hdf5Library.Lock)
            return H5Pget_userblock(plist_id, out size);
    }

    public static int set_libver_bounds(long plist_id, int low, int high)
    {
        lock (Hdf5Library.Lock)
            return H5Pset_libver_bounds(plist_id, low, high);
    }

    public static int set_chunk_cache(long plist_id, nint rdcc_nslots, nint rdcc_nbytes, double rdcc_w0)
    {
        lock (Hdf5Library.Lock)
            return H5Pset_chunk_cache(plist_id, rdcc_nslots, rdcc_nbytes, rdcc_w0);
    }

    public static int set_create_intermediate_group(long plist_id, uint crt_intmd_group)
    {
        lock (Hdf5Library.Lock)
            return H5Pset_create_intermediate_group(plist_id, crt_intmd_group);
    }

    public static int set_char_encoding(long plist_id, int encoding)
    {
        lock (Hdf5Library.Lock)
            return H5Pset_char_encoding(plist_id, encoding);
    }

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Pcreate(long cls_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pclose(long plist_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pget_layout(long plist_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pget_chunk(long plist_id, int max_ndims, ulong* dims);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pset_chunk(long plist_id, int ndims, ulong* dims);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pget_nfilters(long plist_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pget_filter2(
        long plist_id,
        uint idx,
        uint* flags,
        nint* cd_nelmts,
        uint* cd_values,
        nint namelen,
        byte* name,
        uint* filter_config
    );

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pset_filter(long plist_id, int filter_id, uint flags, nint cd_nelmts, uint* cd_values);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pset_deflate(long plist_id, uint level);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pset_shuffle(long plist_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pfill_value_defined(long plist_id, out int status);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pget_fill_value(long plist_id, long type_id, nint value);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pget_external_count(long plist_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pget_userblock(long plist_id, out ulong size);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pset_libver_bounds(long plist_id, int low, int high);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pset_chunk_cache(long plist_id, nint rdcc_nslots, nint rdcc_nbytes, double rdcc_w0);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pset_create_intermediate_group(long plist_id, uint crt_intmd_group);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pset_char_encoding(long plist_id, int encoding);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pget_external(long plist_id, uint idx, nint name_size, byte* name, long* offset, ulong* size);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Pget_virtual_count(long dcpl_id, out nint count);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Pget_virtual_vspace(long dcpl_id, nint index);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Pget_virtual_srcspace(long dcpl_id, nint index);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial nint H5Pget_virtual_filename(long dcpl_id, nint index, byte* name, nint size);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial nint H5Pget_virtual_dsetname(long dcpl_id, nint index, byte* name, nint size);
}
