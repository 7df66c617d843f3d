using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Imaging;

public sealed class CohortImagesTests : IDisposable
{
    private readonly ConversionFolder _folder = new(subjects: 0);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_long_cohort_lists_scalars_in_their_order_and_skips_blank_rows()
    {
        _folder.Cohort("source_file,scalar_name,source_mask_file", "b.nii,FC,", "a.nii,FD,m.nii", ",FD,", "/abs/c.nii,FC,NA");
        var scalars = Read();
        scalars.Select(scalar => scalar.Scalar).ShouldBe(["FC", "FD"]);
        scalars[0].Images.ShouldBe([new(1, "b.nii", _folder.Combine("b.nii"), null), new(4, "/abs/c.nii", "/abs/c.nii", null)]);
        scalars[1].Images.ShouldBe([new(2, "a.nii", _folder.Combine("a.nii"), _folder.Combine("m.nii"))]);
        scalars.Select(scalar => string.Join(',', scalar.LeftOut)).ShouldBe(["", "3"]);
    }

    [Fact]
    public void A_wide_cohort_lists_one_scalar_per_column_with_the_same_masks()
    {
        _folder.Cohort("id,my FD,FC,source_mask_file", "1,a.nii,b.nii,m.nii", "2,NA,d.nii,");
        var scalars = Read("my FD", "FC");
        scalars.Select(scalar => (scalar.Scalar, scalar.Images.Count)).ShouldBe([("my FD", 1), ("FC", 2)]);
        scalars[0].LeftOut.ShouldBe([2]);
        scalars[0].Images[0].MaskPath.ShouldBe(_folder.Combine("m.nii"));
        scalars[1].Images[1].ShouldBe(new(2, "d.nii", _folder.Combine("d.nii"), null));
    }

    [Theory]
    [InlineData("scalar_name,file", "FA,a.nii", "'source_file'")]
    [InlineData("id,FD", "1,a.nii", "--scalar-columns")]
    [InlineData("scalar_name,source_file", "FA,NA", "lists no image")]
    [InlineData("scalar_name,source_file", "F/A,a.nii", "'F/A'")]
    [InlineData("scalar_name,source_file", "FA,a.nii\n,b.nii", "row 2 has the file 'b.nii' but no 'scalar_name'")]
    [InlineData("scalar_name,source_file", "FA,a.nii\nFC,NA", "no file for the scalar 'FC'")]
    [InlineData("scalar_name,source_file", "FA,~/a.nii", "'~' is expanded only by a shell")]
    [InlineData("scalar_name,source_file", "FA,a.nii\nFA,./a.nii", "rows 1, 2")]
    [InlineData("scalar_name,source_file", "FA,a.nii\nFA,b.nii\nFA,a.nii", "rows 1, 3")]
    public void Defects_of_a_cohort_are_reported(string header, string rows, string words)
    {
        _folder.Cohort(header, rows);
        Should.Throw<BadInputException>(() => Read()).Message.ShouldContain(words);
    }

    [Fact]
    public void Names_that_look_like_numbers_or_logical_values_are_kept_as_written()
    {
        _folder.Cohort("scalar_name,source_file,age", "T,007,n/a", "1e3,1e5.nii,12", "F,TRUE,13");
        Read().Select(scalar => (scalar.Scalar, scalar.Images[0].Source)).ShouldBe([("T", "007"), ("1e3", "1e5.nii"), ("F", "TRUE")]);
    }

    [Fact]
    public void A_pipe_is_refused_as_a_cohort()
    {
        System.Diagnostics.Process.Start("mkfifo", [_folder.Combine("pipe.csv")]).WaitForExit();
        Should
            .Throw<BadInputException>(() => CohortImages.Read(_folder.Combine("pipe.csv"), [], _folder.Path))
            .Message.ShouldContain("pipe.csv' is a pipe");
    }

    [Fact]
    public void A_missing_wide_column_is_reported_with_similar_ones()
    {
        _folder.Cohort("id,FD", "1,a.nii");
        Should.Throw<BadInputException>(() => Read("FDD")).Message.ShouldContain("'FD'");
    }

    private IReadOnlyList<ScalarImages> Read(params string[] columns) =>
        CohortImages.Read(_folder.Combine("cohort.csv"), columns, _folder.Path);
}
