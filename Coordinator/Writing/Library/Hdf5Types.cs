using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Coordinator.Writing.Library;

/// <summary>The library's types, dataspaces and creation properties for written objects. The caller must hold the library's lock.</summary>
internal static class Hdf5Types
{
    private const uint Mandatory = 0; // H5Z_FLAG_MANDATORY: if the library lacks the filter, the write fails instead of skipping it
    private const uint Optional = 1; // H5Z_FLAG_OPTIONAL: may be skipped for a chunk

    /// <summary>The stored type, which is also the type in memory.</summary>
    public static Hdf5DatatypeHandle Stored(ElementType type, string subject)
    {
        if (type.Kind == ElementKind.Text)
            return Text(type.Size, subject);
        var known = (type.Kind, type.Size) switch
        {
            (ElementKind.FloatingPoint, 4) => H5T.IEEE_F32LE,
            (ElementKind.FloatingPoint, 8) => H5T.IEEE_F64LE,
            (ElementKind.SignedInteger, 1) => H5T.STD_I8LE,
            (ElementKind.SignedInteger, 2) => H5T.STD_I16LE,
            (ElementKind.SignedInteger, 4) => H5T.STD_I32LE,
            (ElementKind.SignedInteger, 8) => H5T.STD_I64LE,
            (ElementKind.UnsignedInteger, 1) => H5T.STD_U8LE,
            (ElementKind.UnsignedInteger, 2) => H5T.STD_U16LE,
            (ElementKind.UnsignedInteger, 4) => H5T.STD_U32LE,
            (ElementKind.UnsignedInteger, 8) => H5T.STD_U64LE,
            _ => throw new ArgumentException($"There is no stored type for {type.Kind} of {type.Size} bytes.", nameof(type)),
        };
        return new(Hdf5Status.Check(H5T.copy(known), "prepare a type for", subject));
    }

    /// <summary>A dataspace of fixed extents; without extents, a single value.</summary>
    public static unsafe Hdf5DataspaceHandle Space(IReadOnlyList<long> extents, string subject)
    {
        if (extents.Count == 0)
            return new(Hdf5Status.Check(H5S.create(H5S.SCALAR), "prepare a shape for", subject));
        ulong[] unsigned = [.. extents.Select(extent => checked((ulong)extent))];
        fixed (ulong* first = unsigned)
            return new(Hdf5Status.Check(H5S.create_simple(unsigned.Length, first, null), "prepare a shape for", subject));
    }

    /// <summary>
    /// Chunks and filters. Space for chunks is allocated when they are written, without fill values, because every chunk is written.
    /// </summary>
    public static unsafe Hdf5PropertyListHandle Creation(DatasetLayout layout, string subject)
    {
        var creation = new Hdf5PropertyListHandle(Hdf5Status.Check(H5P.create(H5P.DATASET_CREATE), "prepare a dataset of", subject));
        if (layout.Chunk.Count == 0)
            return creation;
        ulong[] chunk = [.. layout.Chunk.Select(extent => checked((ulong)extent))];
        fixed (ulong* extents = chunk)
            Hdf5Status.Check(H5P.set_chunk(creation.Id, chunk.Length, extents), $"choose the chunks of {layout.Path} in", subject);
        foreach (var filter in layout.Filters)
        {
            // Shuffle's only parameter is the size of a value, which the library sets itself.
            uint[] parameters = filter.Id == StoredFilter.Shuffle ? [] : [.. filter.Parameters];
            var flags = filter.Id == StoredFilter.Deflate || filter.Id == StoredFilter.Shuffle ? Optional : Mandatory;
            fixed (uint* values = parameters)
                Hdf5Status.Check(
                    H5P.set_filter(creation.Id, filter.Id, flags, parameters.Length, values),
                    $"choose the filter '{filter}' of {layout.Path} in",
                    subject
                );
        }
        return creation;
    }

    private static Hdf5DatatypeHandle Text(int bytes, string subject)
    {
        var type = new Hdf5DatatypeHandle(Hdf5Status.Check(H5T.copy(H5T.C_S1), "prepare a type for", subject));
        Hdf5Status.Check(H5T.set_size(type.Id, bytes), "prepare a type for", subject);
        Hdf5Status.Check(H5T.set_cset(type.Id, H5T.CSET_UTF8), "prepare a type for", subject);
        Hdf5Status.Check(H5T.set_strpad(type.Id, H5T.STR_NULLPAD), "prepare a type for", subject);
        return type;
    }
}
