using System.IO.Hashing;
using HpcFit.Coordinator.Writing.Chunks;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Coordinator.Writing.Library;

/// <summary>
/// Reads a written file back before its completion is reported: every object exists with its type and shape, and the library finds the
/// written bytes through its own index.
/// </summary>
internal static class Verification
{
    /// <summary>Compares a file with what was written into it.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="identity">The identity of the expected file.</param>
    /// <param name="objects">All written objects.</param>
    /// <param name="datasets">The written datasets.</param>
    /// <exception cref="WriteDamagedException">Something differs; the message names it.</exception>
    public static void Check(
        string path,
        FileIdentity identity,
        IReadOnlyList<WrittenObject> objects,
        IReadOnlyList<WrittenDataset> datasets
    )
    {
        using var file = Hdf5ReadFile.Open(path);
        identity.Require(file.Descriptor, path);
        foreach (var written in objects)
        {
            var expected = written.CopiedFrom is { } source ? KindIn(source, written.Path) : written.Kind;
            if (file.Kind(written.Path) != expected)
                throw new WriteDamagedException(path, written.Path, $"is not there as a {expected}");
            foreach (var attribute in written.Attributes)
                CheckAttribute(file, written.Path, attribute);
        }
        foreach (var dataset in datasets)
            CheckDataset(file, dataset);
    }

    private static Hdf5NodeKind KindIn(string sourceFile, string path)
    {
        using var source = Hdf5ReadFile.Open(sourceFile);
        return source.Kind(path);
    }

    private static void CheckDataset(Hdf5ReadFile file, WrittenDataset written)
    {
        var layout = written.Layout;
        using var dataset = file.OpenDataset(layout.Path);
        lock (Hdf5Library.Lock)
        {
            using var space = new Hdf5DataspaceHandle(
                Hdf5Status.Check(H5D.get_space(dataset.Id), "read the shape of", file.Describe(layout.Path))
            );
            using var type = new Hdf5DatatypeHandle(
                Hdf5Status.Check(H5D.get_type(dataset.Id), "read the type of", file.Describe(layout.Path))
            );
            using var expected = Hdf5Types.Stored(layout.Type, file.Describe(layout.Path));
            if (!Extents(space).SequenceEqual(layout.Shape))
                throw new WriteDamagedException(
                    file.Path,
                    layout.Path,
                    $"has the shape {string.Join(" x ", Extents(space))}, {string.Join(" x ", layout.Shape)} was written"
                );
            if (H5T.equal(type.Id, expected.Id) <= 0)
                throw new WriteDamagedException(file.Path, layout.Path, "has another type than was written");
        }
        var grid = new BlockGrid(layout);
        var buffer = GC.AllocateUninitializedArray<byte>(written.Blocks.Select(block => block.Length).DefaultIfEmpty().Max());
        for (var number = 0; number < grid.Count; number++)
        {
            var record = written.Blocks[number];
            var bytes = buffer.AsSpan(0, record.Length);
            var isRead = layout.HasRawChunks
                ? ReadChunk(dataset, grid[number], record, bytes)
                : ReadRegion(file, dataset, layout, grid[number], bytes);
            if (!isRead || XxHash3.HashToUInt64(bytes) != record.Checksum)
                throw new WriteDamagedException(
                    file.Path,
                    layout.Path,
                    $"does not hold what was written at {string.Join(", ", grid[number].Origin)}"
                );
        }
    }

    private static unsafe bool ReadChunk(Hdf5DatasetHandle dataset, Region region, BlockRecord record, Span<byte> bytes)
    {
        ulong[] origin = [.. region.Origin.Select(start => (ulong)start)];
        lock (Hdf5Library.Lock)
        {
            fixed (ulong* offset = origin)
            fixed (byte* target = bytes)
            {
                uint mask;
                return Hdf5Status.Succeeded(H5D.get_chunk_storage_size(dataset.Id, offset, out var size))
                    && size == (ulong)record.Length
                    && Hdf5Status.Succeeded(H5D.read_chunk(dataset.Id, H5P.DEFAULT, offset, &mask, (nint)target))
                    && mask == record.FilterMask;
            }
        }
    }

    private static unsafe bool ReadRegion(
        Hdf5ReadFile file,
        Hdf5DatasetHandle dataset,
        DatasetLayout layout,
        Region region,
        Span<byte> bytes
    )
    {
        ulong[] origin = [.. region.Origin.Select(start => (ulong)start)],
            extent = [.. region.Extent.Select(length => (ulong)length)];
        var subject = file.Describe(layout.Path);
        lock (Hdf5Library.Lock)
        {
            using var whole = Hdf5Types.Space(layout.Shape, subject);
            using var memory = Hdf5Types.Space(region.Extent, subject);
            using var type = Hdf5Types.Stored(layout.Type, subject);
            fixed (
                ulong* first = origin,
                    count = extent
            )
                Hdf5Status.Check(H5S.select_hyperslab(whole.Id, H5S.SELECT_SET, first, null, count, null), "select values of", subject);
            fixed (byte* target = bytes)
                Hdf5Status.Check(H5D.read(dataset.Id, type.Id, memory.Id, whole.Id, H5P.DEFAULT, (nint)target), "read back", subject);
            return true;
        }
    }

    private static unsafe void CheckAttribute(Hdf5ReadFile file, string owner, AttributeContent attribute)
    {
        var subject = file.Describe(owner);
        lock (Hdf5Library.Lock)
        {
            using var parent = new Hdf5ObjectHandle(Hdf5Status.Check(H5O.open(file.Id, owner), "open", subject));
            using var opened = Hdf5Attributes.Open(parent.Id, attribute.Name, subject);
            using var type = Hdf5Attributes.ReadType(opened, attribute.Name, subject);
            using var expected = Hdf5Types.Stored(attribute.Type, subject);
            var bytes = new byte[attribute.Bytes.Length];
            if (H5T.equal(type.Id, expected.Id) > 0)
            {
                fixed (byte* target = bytes)
                    Hdf5Status.Check(H5A.read(opened.Id, type.Id, (nint)target), $"read back the attribute '{attribute.Name}' of", subject);
                if (bytes.AsSpan().SequenceEqual(attribute.Bytes))
                    return;
            }
            throw new WriteDamagedException(file.Path, owner, $"has another attribute '{attribute.Name}' than was written");
        }
    }

    private static unsafe long[] Extents(Hdf5DataspaceHandle space)
    {
        var extents = new ulong[Math.Max(0, H5S.get_simple_extent_ndims(space.Id))];
        fixed (ulong* first = extents)
            _ = H5S.get_simple_extent_dims(space.Id, first, null);
        return Array.ConvertAll(extents, extent => (long)extent);
    }
}
