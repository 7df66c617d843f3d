using System.Security.Cryptography;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>
/// A small file like those of users, in its own folder: a chunked scalar with names, a contiguous table, and an analysis 'old'.
/// </summary>
internal sealed class DataFile : IDisposable
{
    private static readonly Lazy<byte[]> Oldest = new(() => Make(latest: false));
    private static readonly Lazy<byte[]> Newest = new(() => Make(latest: true));

    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-write-").FullName;

    /// <param name="latest">In HDF5's newest format, whose superblock marks who has the file open; otherwise in the oldest.</param>
    public DataFile(bool latest = false)
        : this((latest ? Newest : Oldest).Value) { }

    private DataFile(byte[] bytes)
    {
        File.WriteAllBytes(Path, bytes);
        Before = Hash();
    }

    /// <summary>Makes a file, once for all tests: a write costs two processes.</summary>
    private static byte[] Make(bool latest)
    {
        using var file = new DataFile([]);
        file.Write(latest);
        return File.ReadAllBytes(file.Path);
    }

    private void Write(bool latest)
    {
        File.Delete(Path);
        using (var access = new Hdf5PropertyListHandle(H5P.create(H5P.FILE_ACCESS)))
        {
            if (latest)
                Hdf5Status.Check(H5P.set_libver_bounds(access.Id, H5F.LIBVER_V110, H5F.LIBVER_V110), "choose a format", Path);
            new Hdf5FileHandle(Hdf5Status.Check(H5F.create(Path, H5F.ACC_EXCL, access_plist: access.Id), "make", Path)).Dispose();
        }
        var scalar = DatasetContent.Held("/scalars/FD/values", ElementType.Float32, [40, 300], WrittenFile.Bytes(Scalar)) with
        {
            Chunk = [40, 64],
            Filters = DatasetContent.ShuffleGzip(4),
        };
        Hdf5Write.Run(
            Into(
                scalar,
                DatasetContent.Texts("/scalars/FD/column_names", [.. Enumerable.Range(0, 40).Select(i => $"sub-{i:000}")]),
                DatasetContent.Numbers("/fixels", [.. Enumerable.Range(0, 900).Select(i => i / 7.0)])
            ),
            default
        );
        Hdf5Write.Run(Into(Analysis("old", 1)), default);
    }

    public string Folder => _folder;

    public string Path => System.IO.Path.Combine(_folder, "data.h5");

    public string Journal => UndoJournal.PathFor(Path);

    /// <summary>The hash of the original file.</summary>
    public string Before { get; }

    public static float[] Scalar { get; } = [.. Enumerable.Range(0, 40 * 300).Select(i => MathF.Sin(i))];

    public static Content[] Analysis(string name, double first, RegionSource? instead = null)
    {
        var values = Values(first);
        var matrix = DatasetContent.Held($"/results/{name}/results_matrix", ElementType.Float64, [12, 300], WrittenFile.Bytes(values)) with
        {
            Chunk = [1, 100],
            Filters = DatasetContent.ShuffleGzip(1),
        };
        return
        [
            new GroupContent($"/results/{name}") { Attributes = [AttributeContent.Text("formula", "FD ~ Age")] },
            instead is null ? matrix : matrix with { Source = instead },
            DatasetContent.Texts($"/results/{name}/column_names", [.. Enumerable.Range(0, 12).Select(i => $"column{i}")]),
        ];
    }

    public static double[] Values(double first) => [.. Enumerable.Range(0, 12 * 300).Select(i => first + Math.Sqrt(i))];

    public WriteRequest Into(params Content[] contents) =>
        new()
        {
            File = Path,
            NewFile = false,
            Contents = contents,
            Patience = TimeSpan.Zero,
            What = "hpcfit test",
        };

    public string Hash() => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path)));

    public void ShouldBeAsBefore()
    {
        Hash().ShouldBe(Before);
        File.Exists(Journal).ShouldBeFalse();
    }

    public void ShouldHoldItsOldDatasets()
    {
        WrittenFile.Read<float>(Path, "/scalars/FD/values", H5T.NATIVE_FLOAT, Scalar.Length).ShouldBe(Scalar);
        WrittenFile.Doubles(Path, "/fixels", 900)[899].ShouldBe(899 / 7.0);
        WrittenFile.Doubles(Path, "/results/old/results_matrix", 3600).ShouldBe(Values(1));
    }

    public void ShouldHold(string analysis, double first) =>
        WrittenFile.Doubles(Path, $"/results/{analysis}/results_matrix", 3600).ShouldBe(Values(first));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
