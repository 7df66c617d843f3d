using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Images;

/// <summary>The storage of scalars, as seen by h5py.</summary>
public sealed class StorageTests(Volumes volumes) : IClassFixture<Volumes>
{
    private const int Usage = 2;
    private const int BadInput = 3;

    private static readonly Dictionary<string, string> NoPlugins = new() { ["HDF5_PLUGIN_PATH"] = "/nowhere" };

    [Theory]
    [InlineData("none", "--compression", "none", "--target-chunk-mb", "0.001")]
    [InlineData("gzip9", "--compression-level", "9", "--no-shuffle")]
    [InlineData("level0", "--compression_level", "0")]
    public void Values_are_the_same_however_they_are_stored(string name, params string[] storage)
    {
        var output = volumes.Combine(name + ".h5");
        volumes.Convert(output, storage).ShouldSucceed();
        volumes.Judge("judge", output, "float32").ShouldSucceed();
    }

    [Fact]
    public void A_filter_of_the_sites_plugin_is_used()
    {
        var output = volumes.Combine("lzf.h5");
        volumes.Convert(output, "--compression", "lzf").ShouldSucceed();
        volumes.Judge("judge", output, "float32").ShouldSucceed();
    }

    [Theory]
    [InlineData("lzf", "32000")]
    [InlineData("zstd", "32015")]
    public void A_missing_filter_is_reported_with_the_remedy(string filter, string number)
    {
        var output = volumes.Combine(filter + "-missing.h5");
        HpcFitProgram
            .RunWith(NoPlugins, volumes.Line(output, "--compression", filter))
            .ShouldEndWith(BadInput)
            .ShouldSay(number, "HDF5_PLUGIN_PATH", "--compression gzip");
        File.Exists(output).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--compression", "bzip2", "gzip, none, lzf, zstd")]
    [InlineData("--compression-level", "10", "0 to 9")]
    [InlineData("--dtype", "float16", "float32")]
    [InlineData("--chunk-voxels", "-1", "--chunk-voxels")]
    [InlineData("--target-chunk-mb", "5000", "4096")]
    [InlineData("--threads", "0", "--threads")]
    public void An_invalid_value_is_reported_with_the_valid_ones(string option, string value, string words) =>
        volumes.Convert(volumes.Combine("never.h5"), option, value).ShouldEndWith(Usage).ShouldSay(words);
}
