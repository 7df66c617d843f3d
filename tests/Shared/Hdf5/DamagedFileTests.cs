using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Stripes;

namespace HpcFit.Shared.Tests.Hdf5;

public sealed class DamagedFileTests
{
    private const string Good = """
        with h5py.File(path, 'w') as f:
            d = scalar(f, 'FA', rng.normal(size=(40, 90)).astype('f4'), chunks=(20, 30), compression='gzip', shuffle=True, fletcher32=FLETCHER)
            at = d.id.get_chunk_info_by_coord((20, 30)).byte_offset
        """;

    private const string Damage = """

        with open(path, 'r+b') as raw:
            raw.seek(at + 200); old = raw.read(8); raw.seek(at + 200); raw.write(bytes(b ^ 0x5a for b in old))
        """;

    [Theory]
    [InlineData("False", "zlib", "gzip data")]
    [InlineData("False", "libdeflate", "gzip data")]
    [InlineData("True", "zlib", "Fletcher-32")]
    public void CorruptChunkNamesFileDatasetChunkAndElementsAndLeavesTheOthersReadable(string fletcher, string inflater, string reason)
    {
        if (inflater == "libdeflate" && !LibdeflateInflater.IsAvailable)
            return;
        using var file = new PythonFile(Good.Replace("FLETCHER", fletcher, StringComparison.Ordinal) + Damage);
        using var source = Reading.Open(file.Path, "FA");
        using var reader = new ChunkedStripeReader(source, Inflaters.Create(inflater));
        var failure = Should.Throw<CorruptChunkException>(() => reader.Read(new(0, 90)));
        failure.Elements.ShouldBe(new(30, 60));
        failure.Message.ShouldContain($"Chunk (1, 1) of '/scalars/FA/values' in '{file.Path}', elements 31:60");
        failure.Message.ShouldContain(reason);
        reader.Read(new(0, 30)).Count.ShouldBe(30);
        reader.Read(new(60, 90)).Count.ShouldBe(30);
    }

    [Fact]
    public void CorruptChunkIsAlsoFoundWhenSlicesAreStreamed()
    {
        using var file = new PythonFile(Good.Replace("FLETCHER", "False", StringComparison.Ordinal) + Damage);
        using var source = Reading.Open(file.Path, "FA", stripeMemory: 1_000);
        using var reader = source.CreateReader();
        Should.Throw<CorruptChunkException>(() => reader.Read(new(31, 33))).Elements.ShouldBe(new(30, 60));
    }

    [Fact]
    public void FileThatShrinksUnderTheReaderIsReported()
    {
        using var file = new PythonFile(Good.Replace("FLETCHER", "False", StringComparison.Ordinal));
        using var source = Reading.Open(file.Path, "FA");
        using (var stream = File.OpenWrite(file.Path))
            stream.SetLength(3000);
        using var reader = source.CreateReader();
        Should.Throw<CorruptChunkException>(() => reader.Read(new(0, 90))).Message.ShouldContain("the file ends");
    }

    [Fact]
    public void FilterThatIsNotInstalledIsNamedWithTheWayOut()
    {
        using var file = new PythonFile(
            """
            with h5py.File(path, 'w') as f:
                f.create_group('scalars/FA')['column_names'] = np.array(names(40), dtype='S')
                p = h5py.h5p.create(h5py.h5p.DATASET_CREATE); p.set_chunk((40, 90)); p.set_shuffle(); p.set_filter(32099, h5py.h5z.FLAG_OPTIONAL, ())
                h5py.h5d.create(f['scalars/FA'].id, b'values', h5py.h5t.IEEE_F64LE, h5py.h5s.create_simple((40, 90)), p)
                f['scalars/FA/values'].id.write_direct_chunk((0, 0), bytes(100))
            """
        );
        using var source = Reading.Open(file.Path, "FA");
        using var reader = source.CreateReader();
        var failure = Should.Throw<CorruptChunkException>(() => reader.Read(new(0, 30)));
        failure.Message.ShouldContain("not installed here: filter 32099.");
        failure.Message.ShouldContain("HDF5_PLUGIN_PATH");
    }
}
