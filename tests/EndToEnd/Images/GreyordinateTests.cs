using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Images;

/// <summary>CIFTI-2 files in, CIFTI-2 files out, checked by nibabel and h5py.</summary>
public sealed class GreyordinateTests
{
    private const int BadInput = 3;

    [Theory]
    [InlineData("dscalar")]
    [InlineData("pscalar")]
    [InlineData("pconn")]
    public void A_round_trip_holds_what_nibabel_reads(string kind)
    {
        using var folder = new TemporaryFolder();
        Finished Judge(string what, params string[] arguments) =>
            Python.Run("images/greyordinates.py", [what, folder.Path, kind, .. arguments]);
        Judge("make").ShouldSucceed();

        HpcFitProgram
            .Run(
                kind == "pscalar" ? "concifti" : "convert",
                "--cohort-file",
                folder.Combine("cohort.csv"),
                "--output",
                folder.Combine("data.h5")
            )
            .ShouldSucceed();
        Judge("judge", folder.Combine("data.h5")).ShouldSucceed();

        HpcFitProgram
            .Run(
                "export",
                "--data",
                folder.Combine("analysis.h5"),
                "--analysis",
                "lm",
                "--example-file",
                folder.Combine($"sub-2.{kind}.nii"),
                "--output-dir",
                folder.Combine("maps")
            )
            .ShouldSucceed();
        Judge("judge-maps", folder.Combine("maps"), "sub-2").ShouldSucceed();

        HpcFitProgram
            .Run("convert", "--cohort", folder.Combine("odd.csv"), "--output", folder.Combine("odd.h5"))
            .ShouldEndWith(BadInput)
            .ShouldSay($"odd.{kind}.nii", "row 6", kind == "dscalar" ? "CORTEX_LEFT with 19" : "'MT' instead of 'M1'");
        File.Exists(folder.Combine("odd.h5")).ShouldBeFalse();
    }
}
