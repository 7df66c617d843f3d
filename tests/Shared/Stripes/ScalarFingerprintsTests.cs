using HpcFit.Shared.Stripes;
using HpcFit.Shared.Tests.Hdf5;

namespace HpcFit.Shared.Tests.Stripes;

public sealed class ScalarFingerprintsTests
{
    private const string Write = "with h5py.File(path, 'w') as f: scalar(f, 'FA', np.arange(3600.).reshape(40, 90), OPTIONS)";

    [Theory]
    [InlineData("chunks=(20, 30), compression='gzip'")]
    [InlineData("")]
    public void NewAnalysisLeavesTheFingerprintAndAChangedValueDoesNot(string options)
    {
        using var file = new PythonFile(Write.Replace("OPTIONS", options, StringComparison.Ordinal));
        var before = Of(file);
        file.Run("with h5py.File(path, 'a') as f: f['results/lm/results_matrix'] = np.zeros((3, 90))");
        Of(file).ShouldBe(before);
        file.Run("with h5py.File(path, 'a') as f: f['scalars/FA/values'][39, 89] = 0.5");
        Of(file).ShouldNotBe(before);
    }

    [Fact]
    public void AValueInTheMiddleOfALongChunkChangesTheFingerprintAndLittleIsRead()
    {
        using var file = new PythonFile(
            "with h5py.File(path, 'w') as f: scalar(f, 'FA', np.random.default_rng(1).random((400, 1200)), chunks=(400, 600), "
                + "compression='gzip')"
        );
        var before = Of(file);
        file.Run("with h5py.File(path, 'a') as f: f['scalars/FA/values'][200, 300] += 1e-12");
        Of(file).ShouldNotBe(before);
        using var source = Reading.Open(file.Path, "FA");
        ScalarFingerprints.Compute(source);
        source.Counters.BytesRead.ShouldBe(2 * 65_536);
    }

    [Fact]
    public void OtherSourceNamesAreAnotherFingerprint()
    {
        using var file = new PythonFile(Write.Replace("OPTIONS", "", StringComparison.Ordinal));
        var before = Of(file);
        file.Run("with h5py.File(path, 'a') as f: f['scalars/FA/column_names'][0] = 'other.mif'");
        Of(file).ShouldNotBe(before);
    }

    /// <summary>The fingerprint of a layout that only the library reads depends on values, not on adjacent memory.</summary>
    [Fact]
    public void MemoryNextToTheValuesIsNotPartOfTheFingerprint()
    {
        using var file = new PythonFile(Write.Replace("OPTIONS", "external=path + '.raw'", StringComparison.Ordinal));
        var before = Of(file);
        for (byte other = 1; other < 4; other++)
        {
            for (var bytes = 1 << 8; bytes < 1 << 16; bytes += 64)
                GC.AllocateUninitializedArray<byte>(bytes, pinned: true).AsSpan().Fill(other);
            GC.Collect();
            Of(file).ShouldBe(before);
        }
    }

    private static string Of(PythonFile file)
    {
        using var source = Reading.Open(file.Path, "FA");
        return ScalarFingerprints.Compute(source).Digest;
    }
}
