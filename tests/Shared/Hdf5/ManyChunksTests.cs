using HpcFit.Shared.Hdf5.Native;
using HpcFit.Shared.Stripes;

namespace HpcFit.Shared.Tests.Hdf5;

public sealed class ManyChunksTests
{
    [Fact]
    public void FortyThousandSmallChunksCostALinearNumberOfLibraryCalls()
    {
        using var file = new PythonFile(
            """
            data = rng.integers(0, 250, size=(128, 20000)).astype('u1')
            with h5py.File(path, 'w') as f: scalar(f, 'FA', data, chunks=(8, 8), compression='gzip', compression_opts=1)
            data.astype('<f8').tofile(path + '.f8')
            """
        );
        using var source = Reading.Open(file.Path, "FA");
        source.Mode.ShouldBe(H5D.HasChunkIter ? ReadMode.Positional : ReadMode.RawChunks);
        var expected = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(file.Path + ".f8")).ToArray();
        Reading.Whole(source).AsSpan().SequenceEqual(expected).ShouldBeTrue();
        source.Counters.Chunks.ShouldBe(40_000);
        source.Counters.LibraryCalls.ShouldBeLessThanOrEqualTo((2 * 40_000) + 10);

        var before = source.Counters.LibraryCalls;
        ScalarFingerprints.Compute(source).Digest.Length.ShouldBe(32);
        (source.Counters.LibraryCalls - before).ShouldBeLessThanOrEqualTo(40_000 + (2 * ScalarFingerprints.Samples));
    }
}
