using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Native;

#pragma warning disable CS1591 // The members carry HDF5's own names; its reference manual documents them.

/// <summary>Datasets.</summary>
/// <remarks>
/// Class and method names are HDF.PInvoke's. Each call holds <see cref="Hdf5Library.Lock"/>; statuses are returned unchecked
/// (<see cref="Hdf5Status"/> checks).
/// </remarks>
public static unsafe partial class H5D
{
    public const int CONTIGUOUS = 1;
    public const int CHUNKED = 2;
    public const int VIRTUAL = 3;

    /// <summary>HADDR_UNDEF: nothing is stored.</summary>
    public const ulong UNDEFINED_ADDRESS = ulong.MaxValue;

    public static long open(long file_id, string name, long dapl_id = H5P.DEFAULT)
    {
        lock (Hdf5Library.Lock)
            return H5Dopen2(file_id, name, dapl_id);
    }

    public static long create(
        long loc_id,
        string name,
        long type_id,
        long space_id,
        long lcpl_id = H5P.DEFAULT,
        long dcpl_id = H5P.DEFAULT,
        long dapl_id = H5P.DEFAULT
    )
    {
        lock (Hdf5Library.Lock)
            return H5Dcreate2(loc_id, name, type_id, space_id, lcpl_id, dcpl_id, dapl_id);
    }

    public static int close(long dset_id)
    {
        lock (Hdf5Library.Lock)
            return H5Dclose(dset_id);
    }

    public static long get_space(long dset_id)
    {
        lock (Hdf5Library.Lock)
            return H5Dget_space(dset_id);
    }

    public static long get_type(long dset_id)
    {
        lock (Hdf5Library.Lock)
            return H5Dget_type(dset_id);
    }

    public static long get_create_plist(long dset_id)
    {
        lock (Hdf5Library.Lock)
            return H5Dget_create_plist(dset_id);
    }

    public static ulong get_storage_size(long dset_id)
    {
        lock (Hdf5Library.Lock)
            return H5Dget_storage_size(dset_id);
    }

    public static ulong get_offset(long dset_id)
    {
        lock (Hdf5Library.Lock)
            return H5Dget_offset(dset_id);
    }

    public static int read(long dset_id, long mem_type_id, long mem_space_id, long file_space_id, long plist_id, nint buf)
    {
        lock (Hdf5Library.Lock)
            return H5Dread(dset_id, mem_type_id, mem_space_id, file_space_id, plist_id, buf);
    }

    public static int write(long dset_id, long mem_type_id, long mem_space_id, long file_space_id, long plist_id, nint buf)
    {
        lock (Hdf5Library.Lock)
            return H5Dwrite(dset_id, mem_type_id, mem_space_id, file_space_id, plist_id, buf);
    }

    public static int vlen_reclaim(long type_id, long space_id, long plist_id, nint buf)
    {
        lock (Hdf5Library.Lock)
            return H5Dvlen_reclaim(type_id, space_id, plist_id, buf);
    }

    public static int get_num_chunks(long dset_id, long fspace_id, out ulong nchunks)
    {
        lock (Hdf5Library.Lock)
            return H5Dget_num_chunks(dset_id, fspace_id, out nchunks);
    }

    public static int get_chunk_info(long dset_id, long fspace_id, ulong index, ulong* offset, uint* filter_mask, ulong* addr, ulong* size)
    {
        lock (Hdf5Library.Lock)
            return H5Dget_chunk_info(dset_id, fspace_id, index, offset, filter_mask, addr, size);
    }

    public static int get_chunk_storage_size(long dset_id, ulong* offset, out ulong chunk_bytes)
    {
        lock (Hdf5Library.Lock)
            return H5Dget_chunk_storage_size(dset_id, offset, out chunk_bytes);
    }

    public static int write_chunk(long dset_id, long dxpl_id, uint filters, ulong* offset, nint data_size, nint buf)
    {
        lock (Hdf5Library.Lock)
            return H5Dwrite_chunk(dset_id, dxpl_id, filters, offset, data_size, buf);
    }

    /// <summary>
    /// Reads a chunk as it is stored. 2.0 renamed the function of 1.10-1.14 to <c>H5Dread_chunk1</c> (its new <c>2</c> takes the buffer's
    /// size).
    /// </summary>
    public static int read_chunk(long dset_id, long dxpl_id, ulong* offset, uint* filters, nint buf)
    {
        lock (Hdf5Library.Lock)
        {
            if (_readChunk == 0)
                _readChunk = FirstExport("H5Dread_chunk", "H5Dread_chunk1");
            return ((delegate* unmanaged<long, long, ulong*, uint*, nint, int>)_readChunk)(dset_id, dxpl_id, offset, filters, buf);
        }
    }

    /// <summary>Visits every stored chunk; 1.10.10, 1.12.3, 1.14 and newer export it (<see cref="HasChunkIter"/>).</summary>
    /// <remarks><c>op</c> is <c>int (const hsize_t *offset, unsigned filter_mask, haddr_t addr, hsize_t size, void *op_data)</c>.</remarks>
    public static int chunk_iter(long dset_id, long dxpl_id, delegate* unmanaged<ulong*, uint, ulong, ulong, nint, int> op, nint op_data)
    {
        lock (Hdf5Library.Lock)
        {
            var iterate = (delegate* unmanaged<
                long,
                long,
                delegate* unmanaged<ulong*, uint, ulong, ulong, nint, int>,
                nint,
                int>)FirstExport("H5Dchunk_iter");
            return iterate(dset_id, dxpl_id, op, op_data);
        }
    }

    /// <summary>Whether this release exports <c>H5Dchunk_iter</c>.</summary>
    public static bool HasChunkIter => Hdf5Library.Exports("H5Dchunk_iter");

    private static nint _readChunk;

    private static nint FirstExport(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Hdf5Library.AddressOf(name) is var address and not 0)
                return address;
        }
        throw new EntryPointNotFoundException($"libhdf5 {Hdf5Library.Version} ({Hdf5Library.Path}) does not export {names[0]}.");
    }

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long H5Dopen2(long file_id, string name, long dapl_id);

    [LibraryImport(Hdf5Library.ImportName, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long H5Dcreate2(long loc_id, string name, long type_id, long space_id, long lcpl_id, long dcpl_id, long dapl_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Dclose(long dset_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Dget_space(long dset_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Dget_type(long dset_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial long H5Dget_create_plist(long dset_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial ulong H5Dget_storage_size(long dset_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial ulong H5Dget_offset(long dset_id);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Dread(long dset_id, long mem_type_id, long mem_space_id, long file_space_id, long plist_id, nint buf);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Dwrite(long dset_id, long mem_type_id, long mem_space_id, long file_space_id, long plist_id, nint buf);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Dvlen_reclaim(long type_id, long space_id, long plist_id, nint buf);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Dget_num_chunks(long dset_id, long fspace_id, out ulong nchunks);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Dget_chunk_info(
        long dset_id,
        long fspace_id,
        ulong index,
        ulong* offset,
        uint* filter_mask,
        ulong* addr,
        ulong* size
    );

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Dget_chunk_storage_size(long dset_id, ulong* offset, out ulong chunk_bytes);

    [LibraryImport(Hdf5Library.ImportName)]
    private static partial int H5Dwrite_chunk(long dset_id, long dxpl_id, uint filters, ulong* offset, nint data_size, nint buf);
}
