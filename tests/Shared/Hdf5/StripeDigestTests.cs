using HpcFit.Shared.Elements;
using HpcFit.Shared.Stripes;

namespace HpcFit.Shared.Tests.Hdf5;

/// <summary>
/// In every layout, including those without checksums, the digest of what was read is the same with and without inflating, and a changed
/// value changes it.
/// </summary>
public sealed class StripeDigestTests
{
    public static TheoryData<string> Layouts =>
        [
            "",
            "chunks=(20, 30), compression='gzip', shuffle=True",
            "chunks=(20, 30)",
            "chunks=(20, 30), compression='lzf'",
            "chunks=(40, 90), compression='gzip', fletcher32=True",
            "external=path + '.raw'",
        ];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_changed_value_changes_the_digest_of_its_stripe(string options)
    {
        using var file = new PythonFile(
            $"with h5py.File(path, 'w') as f: scalar(f, 'FA', np.arange(3600.).reshape(40, 90), {options})".Replace(
                ", )",
                ")",
                StringComparison.Ordinal
            )
        );
        var (before, untouched) = (Of(file.Path, new(0, 60)), Of(file.Path, new(60, 90)));
        file.Run("with h5py.File(path, 'a') as f: f['results/lm/results_matrix'] = np.zeros((3, 90))");
        Of(file.Path, new(0, 60)).ShouldBe(before);
        file.Run("with h5py.File(path, 'a') as f: f['scalars/FA/values'][20, 33] += 0.5");
        Of(file.Path, new(0, 60)).ShouldNotBe(before);
        if (!options.Contains("(40, 90)", StringComparison.Ordinal))
            Of(file.Path, new(60, 90)).ShouldBe(untouched);
    }

    [Fact]
    public void A_transposed_scalar_is_digested_too()
    {
        using var file = new PythonFile(
            "with h5py.File(path, 'w') as f: scalar(f, 'FA', np.arange(3600.).reshape(90, 40), sources=[f'{i}.mif' for i in range(40)])"
        );
        var before = Of(file.Path, new(10, 20));
        file.Run("with h5py.File(path, 'a') as f: f['scalars/FA/values'][15, 7] += 0.5");
        Of(file.Path, new(10, 20)).ShouldNotBe(before);
    }

    [Fact]
    public void A_chunk_too_large_for_memory_is_digested_by_its_values()
    {
        using var file = new PythonFile(
            "with h5py.File(path, 'w') as f: scalar(f, 'FA', np.random.default_rng(1).random((40, 9000)), chunks=(40, 9000), "
                + "compression='gzip')"
        );
        var before = Of(file.Path, new(0, 100), stripeMemory: 1 << 18);
        file.Run("with h5py.File(path, 'a') as f: f['scalars/FA/values'][20, 33] += 0.5");
        Of(file.Path, new(0, 100), stripeMemory: 1 << 18).ShouldNotBe(before);
    }

    private static string Of(string path, ElementRange range, long stripeMemory = StripePlan.DefaultStripeMemory)
    {
        using var source = Reading.Open(path, "FA", stripeMemory);
        using var reader = source.CreateReader();
        reader.Load(range);
        var loaded = Convert.ToHexStringLower(reader.Digest);
        reader.DigestOnly(range);
        Convert.ToHexStringLower(reader.Digest).ShouldBe(loaded);
        return loaded;
    }
}
