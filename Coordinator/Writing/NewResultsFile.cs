using System.Runtime.InteropServices;
using System.Text;
using HpcFit.Coordinator.Merging;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Writing;

/// <summary>
/// Writes an analysis into a new HDF5 file: under a temporary name beside the target, synced, then renamed, so that the target is never
/// half written. Layout: docs/formats/results.md.
/// </summary>
internal static class NewResultsFile
{
    private const ulong RowsPerChunk = 131_072;
    private const uint GzipLevel = 1; // doubles of results hardly compress; a higher level costs time for nothing

    /// <summary>Writes the file.</summary>
    /// <param name="path">The file; replaced only with <paramref name="overwrite"/>.</param>
    /// <param name="analysis">The name under <c>/results</c>.</param>
    /// <param name="names">The columns' names.</param>
    /// <param name="results">The columns.</param>
    /// <param name="provenance">Texts kept as attributes of the analysis.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="token">Stops between columns; nothing is left behind.</param>
    public static void Write(
        string path, string analysis, IReadOnlyList<string> names, IResultColumns results, IReadOnlyDictionary<string, string> provenance, bool overwrite, CancellationToken token)
    {
        if (File.Exists(path) && !overwrite) throw new BadInputException($"'{path}' exists. Choose another --output, or replace it with --overwrite.");
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            WriteTo(temporary, "/results/" + analysis, names, results, provenance, token);
            using (var file = File.OpenHandle(temporary, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(file);
            File.Move(temporary, path, overwrite);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void WriteTo(
        string path, string group, IReadOnlyList<string> names, IResultColumns results, IReadOnlyDictionary<string, string> provenance, CancellationToken token)
    {
        lock (Hdf5Library.Lock)
        {
            using var access = new Hdf5PropertyListHandle(Hdf5Status.Check(H5P.create(H5P.FILE_ACCESS), "prepare", path));
            Hdf5Status.Check(H5P.set_libver_bounds(access.Id, H5F.LIBVER_EARLIEST, H5F.LIBVER_V110), "choose the format version of", path);
            using var file = new Hdf5FileHandle(Hdf5Status.Check(H5F.create(path, H5F.ACC_EXCL, access_plist: access.Id), "make the file", path));
            using var links = new Hdf5PropertyListHandle(Hdf5Status.Check(H5P.create(H5P.LINK_CREATE), "prepare", path));
            Hdf5Status.Check(H5P.set_create_intermediate_group(links.Id, 1), "prepare", path);
            using var place = new Hdf5GroupHandle(Hdf5Status.Check(H5G.create(file.Id, group, links.Id), $"make the group {group} in", path));

            WriteMatrix(place, results, path, token);
            WriteStatus(place, results, path);
            WriteNames(place, names, path);
            foreach (var (name, text) in provenance) WriteText(place.Id, name, text, path);
        }
    }

    private static unsafe void WriteMatrix(Hdf5GroupHandle place, IResultColumns results, string path, CancellationToken token)
    {
        ulong[] shape = [(ulong)results.Columns, (ulong)results.Rows];
        using var dataset = CreateMatrix(place, "results_matrix", H5T.IEEE_F64LE, shape, [1, Math.Min(shape[1], RowsPerChunk)], path);
        using var whole = Space(shape, path);
        using var row = Space([shape[1]], path);
        var values = new double[results.Rows];
        ulong[] start = [0, 0], count = [1, shape[1]];
        for (var column = 0; column < results.Columns; column++)
        {
            token.ThrowIfCancellationRequested();
            results.ReadColumn(column, values);
            start[0] = (ulong)column;
            fixed (ulong* first = start, extent = count)
            fixed (double* bytes = values)
            {
                Hdf5Status.Check(H5S.select_hyperslab(whole.Id, H5S.SELECT_SET, first, null, extent, null), "select a column of results_matrix in", path);
                Hdf5Status.Check(H5D.write(dataset.Id, H5T.NATIVE_DOUBLE, row.Id, whole.Id, H5P.DEFAULT, (nint)bytes), $"write column {column} of results_matrix to", path);
            }
        }
    }

    private static unsafe void WriteStatus(Hdf5GroupHandle place, IResultColumns results, string path)
    {
        ulong[] shape = [(ulong)results.Rows];
        using var dataset = CreateMatrix(place, "element_status", H5T.STD_U8LE, shape, [Math.Min(shape[0], 8 * RowsPerChunk)], path);
        var codes = new ElementStatus[results.Rows];
        results.ReadStatus(codes);
        fixed (byte* bytes = MemoryMarshal.AsBytes<ElementStatus>(codes))
            Hdf5Status.Check(H5D.write(dataset.Id, H5T.NATIVE_UINT8, H5S.ALL, H5S.ALL, H5P.DEFAULT, (nint)bytes), "write element_status to", path);
        WriteText(dataset.Id, "codes", string.Join(", ", Enum.GetValues<ElementStatus>().Select(code => $"{(int)code} {code}")), path);
    }

    /// <summary>Fixed-length, NUL-padded UTF-8: R, h5py and every other reader take it, and it needs no heap in the file.</summary>
    private static unsafe void WriteNames(Hdf5GroupHandle place, IReadOnlyList<string> names, string path)
    {
        var length = names.Max(Encoding.UTF8.GetByteCount);
        var bytes = new byte[length * names.Count];
        for (var i = 0; i < names.Count; i++) Encoding.UTF8.GetBytes(names[i], bytes.AsSpan(i * length, length));
        using var type = TextType(length, path);
        using var space = Space([(ulong)names.Count], path);
        using var dataset = new Hdf5DatasetHandle(Hdf5Status.Check(H5D.create(place.Id, "column_names", type.Id, space.Id), "make column_names in", path));
        fixed (byte* start = bytes)
            Hdf5Status.Check(H5D.write(dataset.Id, type.Id, H5S.ALL, H5S.ALL, H5P.DEFAULT, (nint)start), "write column_names to", path);
    }

    private static unsafe void WriteText(long owner, string name, string text, string path)
    {
        var bytes = Encoding.UTF8.GetBytes(text.Length == 0 ? " " : text);
        using var type = TextType(bytes.Length, path);
        using var space = new Hdf5DataspaceHandle(Hdf5Status.Check(H5S.create(H5S.SCALAR), "prepare an attribute in", path));
        using var attribute = new Hdf5AttributeHandle(Hdf5Status.Check(H5A.create(owner, name, type.Id, space.Id), $"make the attribute '{name}' in", path));
        fixed (byte* start = bytes) Hdf5Status.Check(H5A.write(attribute.Id, type.Id, (nint)start), $"write the attribute '{name}' to", path);
    }

    private static unsafe Hdf5DatasetHandle CreateMatrix(Hdf5GroupHandle place, string name, long type, ulong[] shape, ulong[] chunk, string path)
    {
        using var space = Space(shape, path);
        using var creation = new Hdf5PropertyListHandle(Hdf5Status.Check(H5P.create(H5P.DATASET_CREATE), "prepare", path));
        fixed (ulong* extents = chunk) Hdf5Status.Check(H5P.set_chunk(creation.Id, chunk.Length, extents), "choose the chunks of", path);
        Hdf5Status.Check(H5P.set_shuffle(creation.Id), "choose shuffle for", path);
        Hdf5Status.Check(H5P.set_deflate(creation.Id, GzipLevel), "choose gzip for", path);
        return new(Hdf5Status.Check(H5D.create(place.Id, name, type, space.Id, dcpl_id: creation.Id), $"make {name} in", path));
    }

    private static unsafe Hdf5DataspaceHandle Space(ulong[] shape, string path)
    {
        fixed (ulong* extents = shape) return new(Hdf5Status.Check(H5S.create_simple(shape.Length, extents, null), "prepare", path));
    }

    private static Hdf5DatatypeHandle TextType(int bytes, string path)
    {
        var type = new Hdf5DatatypeHandle(Hdf5Status.Check(H5T.copy(H5T.C_S1), "prepare", path));
        Hdf5Status.Check(H5T.set_size(type.Id, bytes), "prepare", path);
        Hdf5Status.Check(H5T.set_cset(type.Id, H5T.CSET_UTF8), "prepare", path);
        Hdf5Status.Check(H5T.set_strpad(type.Id, H5T.STR_NULLPAD), "prepare", path);
        return type;
    }
}
