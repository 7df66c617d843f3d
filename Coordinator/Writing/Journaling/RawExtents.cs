using System.Runtime.InteropServices;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// The positions of the values of a file's datasets. libhdf5 writes none of these bytes when objects are added or others are removed, so an
/// undo journal must contain all other bytes.
/// </summary>
/// <param name="Ranges">The extents, in any order.</param>
/// <param name="Unknown">Datasets whose chunks this release of the library cannot list in reasonable time; their bytes are not counted as
/// extents.</param>
internal sealed record RawExtents(IReadOnlyList<ByteRange> Ranges, IReadOnlyList<string> Unknown)
{
    /// <summary>
    /// In 1.10 before 1.10.10, <c>H5Dget_chunk_info</c> walks the index from its start at every call: n chunks take some 10 ns × n². This
    /// number takes 4 s.
    /// </summary>
    private const ulong MaxChunksOneByOne = 20_000;

    /// <summary>The extents of all datasets except those that are removed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="leaving">Paths of objects that are removed, with everything below them.</param>
    public static RawExtents Find(Hdf5ReadFile file, IReadOnlyCollection<string> leaving)
    {
        var (ranges, unknown, userBlock) = (new List<ByteRange>(), new List<string>(), file.UserBlock());
        foreach (var name in Objects(file))
        {
            if (leaving.Any(path => name == path || name.StartsWith(path + "/", StringComparison.Ordinal)))
                continue;
            lock (Hdf5Library.Lock)
            {
                using var opened = new Hdf5ObjectHandle(Hdf5Status.Check(H5O.open(file.Id, name), "open", file.Describe(name)));
                if (H5I.get_type(opened.Id) != H5I.DATASET)
                    continue;
            }
            if (!AddDataset(file, name, userBlock, ranges))
                unknown.Add(name);
        }
        return new(ranges, unknown);
    }

    private static unsafe List<string> Objects(Hdf5ReadFile file)
    {
        var names = new List<string>();
        var handle = GCHandle.Alloc(names);
        try
        {
            lock (Hdf5Library.Lock)
                Hdf5Status.Check(
                    H5O.visit(file.Id, H5L.INDEX_NAME, H5L.ITER_INC, &Visit, GCHandle.ToIntPtr(handle)),
                    "list the objects of",
                    $"'{file.Path}'"
                );
            return names;
        }
        finally
        {
            handle.Free();
        }
    }

    [UnmanagedCallersOnly]
    private static unsafe int Visit(long owner, byte* name, nint info, nint names)
    {
        LibraryWatch.CallReturned();
        var text = Marshal.PtrToStringUTF8((nint)name)!;
        ((List<string>)GCHandle.FromIntPtr(names).Target!).Add(text == "." ? "/" : "/" + text);
        return 0;
    }

    private static unsafe bool AddDataset(Hdf5ReadFile file, string name, long userBlock, List<ByteRange> ranges)
    {
        var subject = file.Describe(name);
        using var dataset = file.OpenDataset(name);
        lock (Hdf5Library.Lock)
        {
            using var creation = new Hdf5PropertyListHandle(
                Hdf5Status.Check(H5D.get_create_plist(dataset.Id), "read the layout of", subject)
            );
            switch (Hdf5Status.Check(H5P.get_layout(creation.Id), "read the layout of", subject))
            {
                case H5D.CONTIGUOUS:
                    // Undefined: nothing was written, or the values are in other files.
                    if (H5D.get_offset(dataset.Id) is var offset and not H5D.UNDEFINED_ADDRESS)
                        ranges.Add(Certain((long)offset, (long)H5D.get_storage_size(dataset.Id), userBlock));
                    else
                        _ = H5E.clear(H5E.DEFAULT);
                    return true;
                case H5D.CHUNKED:
                    return H5D.HasChunkIter
                        ? AddByIteration(dataset, subject, userBlock, ranges)
                        : AddOneByOne(dataset, subject, userBlock, ranges);
                default:
                    return true; // in the object's header, or mapped from other datasets
            }
        }
    }

    private static unsafe bool AddByIteration(Hdf5DatasetHandle dataset, string subject, long userBlock, List<ByteRange> ranges)
    {
        var chunks = new List<(long Address, long Size)>();
        var handle = GCHandle.Alloc(chunks);
        try
        {
            Hdf5Status.Check(
                H5D.chunk_iter(dataset.Id, H5P.DEFAULT, &VisitChunk, GCHandle.ToIntPtr(handle)),
                "read the chunk index of",
                subject
            );
        }
        finally
        {
            handle.Free();
        }
        ranges.AddRange(chunks.Select(chunk => Certain(chunk.Address, chunk.Size, userBlock)));
        return true;
    }

    [UnmanagedCallersOnly]
    private static unsafe int VisitChunk(ulong* offset, uint filterMask, ulong address, ulong size, nint chunks)
    {
        LibraryWatch.CallReturned();
        ((List<(long, long)>)GCHandle.FromIntPtr(chunks).Target!).Add(((long)address, (long)size));
        return 0;
    }

    private static unsafe bool AddOneByOne(Hdf5DatasetHandle dataset, string subject, long userBlock, List<ByteRange> ranges)
    {
        using var space = new Hdf5DataspaceHandle(Hdf5Status.Check(H5D.get_space(dataset.Id), "read the shape of", subject));
        Hdf5Status.Check(H5D.get_num_chunks(dataset.Id, space.Id, out var count), "count the chunks of", subject);
        if (count > MaxChunksOneByOne)
            return false;
        var offset = stackalloc ulong[32]; // H5S_MAX_RANK
        for (ulong i = 0; i < count; i++)
        {
            uint mask;
            ulong address,
                size;
            Hdf5Status.Check(
                H5D.get_chunk_info(dataset.Id, space.Id, i, offset, &mask, &address, &size),
                $"read entry {i} of the chunk index of",
                subject
            );
            if (address != H5D.UNDEFINED_ADDRESS)
                ranges.Add(Certain((long)address, (long)size, userBlock));
        }
        return true;
    }

    /// <summary>
    /// Releases differ in whether addresses include the user block. Only bytes that are in the extent in both cases are certain.
    /// </summary>
    private static ByteRange Certain(long address, long size, long userBlock) =>
        new(address + userBlock, Math.Max(address + userBlock, address + size));
}
