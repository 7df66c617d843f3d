using System.Text;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Benchmarks.Data;

/// <summary>
/// Writes a study's HDF5 file in ModelArrayIO's layout: chunks are generated and compressed on all threads and written raw.
/// </summary>
internal static class ScalarFile
{
    private const uint GzipLevel = 4;
    private const int NameBytes = 16;

    public static unsafe void Write(string path, Study study, CohortRows cohort)
    {
        lock (Hdf5Library.Lock)
        {
            using var file = new Hdf5FileHandle(Hdf5Status.Check(H5F.create(path, H5F.ACC_TRUNC), "make", path));
            using var links = new Hdf5PropertyListHandle(Hdf5Status.Check(H5P.create(H5P.LINK_CREATE), "prepare", path));
            Hdf5Status.Check(H5P.set_create_intermediate_group(links.Id, 1), "prepare", path);
            using var group = new Hdf5GroupHandle(Hdf5Status.Check(H5G.create(file.Id, "/scalars/FDC", links.Id), "make a group in", path));
            WriteNames(group, cohort.Sources, path);
            using var space = Space([(ulong)study.Subjects, (ulong)study.Elements], path);
            using var creation = new Hdf5PropertyListHandle(Hdf5Status.Check(H5P.create(H5P.DATASET_CREATE), "prepare", path));
            var chunk = stackalloc ulong[2] { (ulong)study.Subjects, (ulong)study.ElementsPerChunk };
            Hdf5Status.Check(H5P.set_chunk(creation.Id, 2, chunk), "choose the chunks of", path);
            Hdf5Status.Check(H5P.set_shuffle(creation.Id), "choose shuffle for", path);
            Hdf5Status.Check(H5P.set_deflate(creation.Id, GzipLevel), "choose gzip for", path);
            using var values = new Hdf5DatasetHandle(
                Hdf5Status.Check(H5D.create(group.Id, "values", H5T.IEEE_F32LE, space.Id, dcpl_id: creation.Id), "make values in", path)
            );
            WriteChunks(values, study, cohort, path);
        }
    }

    private static unsafe void WriteChunks(Hdf5DatasetHandle values, Study study, CohortRows cohort, string path)
    {
        // Chunks are compressed a batch at a time by all threads and written by this one, which holds the library's lock.
        var batch = Math.Max(1, Environment.ProcessorCount) * 4;
        var makers = new ThreadLocal<ChunkMaker>(() => new(study, cohort, (int)GzipLevel));
        var offset = stackalloc ulong[2] { 0, 0 };
        for (long first = 0; first < study.Chunks; first += batch)
        {
            var count = (int)Math.Min(batch, study.Chunks - first);
            var stored = new byte[count][];
            var from = first;
            Parallel.For(0, count, i => stored[i] = makers.Value!.Make(from + i));
            for (var i = 0; i < count; i++)
            {
                offset[1] = (ulong)((first + i) * study.ElementsPerChunk);
                fixed (byte* bytes = stored[i])
                    Hdf5Status.Check(
                        H5D.write_chunk(values.Id, H5P.DEFAULT, 0, offset, stored[i].Length, (nint)bytes),
                        "write a chunk of",
                        path
                    );
            }
        }
    }

    private static unsafe void WriteNames(Hdf5GroupHandle group, IReadOnlyList<string> names, string path)
    {
        var bytes = new byte[NameBytes * names.Count];
        for (var i = 0; i < names.Count; i++)
            Encoding.ASCII.GetBytes(names[i], bytes.AsSpan(i * NameBytes, NameBytes));
        using var type = new Hdf5DatatypeHandle(Hdf5Status.Check(H5T.copy(H5T.C_S1), "prepare", path));
        Hdf5Status.Check(H5T.set_size(type.Id, NameBytes), "prepare", path);
        Hdf5Status.Check(H5T.set_strpad(type.Id, H5T.STR_NULLPAD), "prepare", path);
        using var space = Space([(ulong)names.Count], path);
        using var dataset = new Hdf5DatasetHandle(
            Hdf5Status.Check(H5D.create(group.Id, "column_names", type.Id, space.Id), "make column_names in", path)
        );
        fixed (byte* start = bytes)
            Hdf5Status.Check(H5D.write(dataset.Id, type.Id, H5S.ALL, H5S.ALL, H5P.DEFAULT, (nint)start), "write column_names to", path);
    }

    private static unsafe Hdf5DataspaceHandle Space(ulong[] shape, string path)
    {
        fixed (ulong* extents = shape)
            return new(Hdf5Status.Check(H5S.create_simple(shape.Length, extents, null), "prepare", path));
    }
}
