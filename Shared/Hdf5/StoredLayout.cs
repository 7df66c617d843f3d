using System.Text;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>How a dataset is stored in its file.</summary>
public enum StorageLayout
{
    /// <summary>One extent of the file.</summary>
    Contiguous,

    /// <summary>Chunks of one shape, each filtered on its own.</summary>
    Chunked,

    /// <summary>Inside the object header, in other files, or virtual: read by the library.</summary>
    Other,
}

/// <summary>Layout, filters and fill value of a dataset of rank 2.</summary>
public sealed record StoredLayout
{
    /// <summary>The kind of layout.</summary>
    public required StorageLayout Kind { get; init; }

    /// <summary>Extents of a chunk on disk, in C order; empty unless chunked.</summary>
    public IReadOnlyList<long> Chunk { get; init; } = [];

    /// <summary>The pipeline in the order of writing; empty without filters.</summary>
    public IReadOnlyList<StoredFilter> Filters { get; init; } = [];

    /// <summary>The value of elements that were never written.</summary>
    public double FillValue { get; init; }

    /// <summary>Bytes that the values occupy in the file.</summary>
    public long StoredBytes { get; init; }

    /// <summary>
    /// File offset of contiguous values, including the user block; null if nothing was written or the layout is not contiguous.
    /// </summary>
    public long? Offset { get; init; }

    /// <summary>Whether all filters are decoded by this program's threads.</summary>
    public bool HasPlainFilters => Filters.All(filter => filter.IsPlain);

    /// <summary>Reads a dataset's layout.</summary>
    internal static unsafe StoredLayout Read(Hdf5DatasetHandle dataset, string subject)
    {
        lock (Hdf5Library.Lock)
        {
            using var creation = new Hdf5PropertyListHandle(
                Hdf5Status.Check(H5D.get_create_plist(dataset.Id), "read the layout of", subject)
            );
            var layout = Hdf5Status.Check(H5P.get_layout(creation.Id), "read the layout of", subject);
            var external = layout == H5D.CONTIGUOUS && H5P.get_external_count(creation.Id) > 0;
            var offset = layout == H5D.CONTIGUOUS && !external ? H5D.get_offset(dataset.Id) : H5D.UNDEFINED_ADDRESS;
            return new()
            {
                Kind =
                    layout == H5D.CHUNKED ? StorageLayout.Chunked
                    : layout == H5D.CONTIGUOUS && !external ? StorageLayout.Contiguous
                    : StorageLayout.Other,
                Chunk = layout == H5D.CHUNKED ? ChunkOf(creation, subject) : [],
                Filters = FiltersOf(creation, subject),
                FillValue = FillOf(creation, subject),
                StoredBytes = (long)H5D.get_storage_size(dataset.Id),
                Offset = offset == H5D.UNDEFINED_ADDRESS ? null : (long)offset,
            };
        }
    }

    private static unsafe long[] ChunkOf(Hdf5PropertyListHandle creation, string subject)
    {
        var extents = stackalloc ulong[32]; // H5S_MAX_RANK
        var rank = Hdf5Status.Check(H5P.get_chunk(creation.Id, 32, extents), "read the chunk shape of", subject);
        var chunk = new long[rank];
        for (var i = 0; i < rank; i++)
            chunk[i] = (long)extents[i];
        return chunk;
    }

    private static unsafe List<StoredFilter> FiltersOf(Hdf5PropertyListHandle creation, string subject)
    {
        var filters = new List<StoredFilter>();
        var count = Hdf5Status.Check(H5P.get_nfilters(creation.Id), "read the filters of", subject);
        var name = stackalloc byte[256];
        var values = stackalloc uint[64];
        for (uint i = 0; i < count; i++)
        {
            uint flags,
                config;
            nint held = 64;
            name[0] = 0;
            var id = Hdf5Status.Check(
                H5P.get_filter(creation.Id, i, &flags, &held, values, 256, name, &config),
                "read the filters of",
                subject
            );
            var text = Encoding.UTF8.GetString(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
            filters.Add(new(id, text.Length > 0 ? text : $"filter {id}", new Span<uint>(values, (int)Math.Min(held, 64)).ToArray()));
        }
        return filters;
    }

    private static unsafe double FillOf(Hdf5PropertyListHandle creation, string subject)
    {
        Hdf5Status.Check(H5P.fill_value_defined(creation.Id, out var status), "read the fill value of", subject);
        double fill = 0;
        if (status != 0)
            Hdf5Status.Check(H5P.get_fill_value(creation.Id, H5T.NATIVE_DOUBLE, (nint)(&fill)), "read the fill value of", subject);
        return fill;
    }
}
