using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Images;

/// <summary>Badly laid-out files are rewritten; h5py checks the result.</summary>
public sealed class RechunkTests
{
    private const int BadInput = 3;

    [Fact]
    public void Scalars_of_every_layout_get_chunks_over_all_subjects_and_all_else_is_kept()
    {
        using var folder = new TemporaryFolder();
        var (bad, good, single) = (folder.Combine("bad.h5"), folder.Combine("good.h5"), folder.Combine("single.h5"));
        Python.Run("images/rechunked.py", "make", bad).ShouldSucceed();
        HpcFitProgram.Run("inspect", bad).ShouldSucceed().Output.ShouldContain("hpcfit rechunk");

        HpcFitProgram.Run("rechunk", bad, good, "--target-chunk-mb", "0.01").ShouldSucceed();
        Python.Run("images/rechunked.py", "judge", bad, good).ShouldSucceed();
        HpcFitProgram.Run("rechunk", bad, single, "--dtype", "float32", "--chunk-voxels", "123").ShouldSucceed();
        Python.Run("images/rechunked.py", "judge", bad, single, "f4").ShouldSucceed();

        HpcFitProgram.Run("rechunk", bad, good).ShouldEndWith(BadInput).ShouldSay("good.h5", "--overwrite");
        HpcFitProgram.Run("rechunk", bad, bad, "--overwrite").ShouldEndWith(BadInput).ShouldSay("both input and output");
    }
}
