using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Imaging;

public sealed class ConversionTests : IDisposable
{
    private readonly ConversionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_gzip_file_of_several_members_is_one_image()
    {
        // As bgzip and concatenation make them; libdeflate takes one member only, so the stream reads these.
        var bytes = new TestVolume().Bytes();
        _folder.Write("sub-1.nii.gz", [.. TestVolume.Gzip(bytes[..360]), .. TestVolume.Gzip(bytes[360..]), .. TestVolume.Gzip([])]);
        _folder.Convert();
        _folder.Converted().Scalar("FA").Subjects.ShouldBe(3);
    }

    [Fact]
    public void Rows_without_a_file_and_rounded_integers_are_reported()
    {
        var integers = new TestVolume
        {
            DataType = 8,
            Value = sample => BitConverter.Int32BitsToSingle(sample == 1 ? (1 << 24) + 1 : sample),
        }.Bytes();
        _folder.Write("large.nii", integers);
        _folder.Cohort("scalar_name,source_file", "FA,large.nii", "FA,", "FA,sub-2.nii.gz", "FA,NA");
        var log = new RecordedLog();
        new Conversion(log).Execute(_folder.Plan, CancellationToken.None);
        log.Warnings.Count.ShouldBe(2);
        log.Warnings[0].ShouldContain("2 (rows 2, 4)");
        log.Warnings[1].ShouldContain("16,777,216");
        log.Warnings[1].ShouldContain("large.nii");
        _folder.Converted().Scalar("FA").Subjects.ShouldBe(2);
        log.Warnings.Clear();
        new Conversion(log).Execute(
            _folder.Plan with
            {
                Overwrite = true,
                Storage = new() { Type = ElementType.Float64 },
            },
            CancellationToken.None
        );
        log.Warnings.Count.ShouldBe(1);
    }

    [Fact]
    public void An_existing_file_is_replaced_only_with_overwrite()
    {
        File.WriteAllText(_folder.Output, "precious");
        Should.Throw<BadInputException>(() => _folder.Convert()).Message.ShouldContain("--overwrite");
        File.ReadAllText(_folder.Output).ShouldBe("precious");
        _folder.Convert(_folder.Plan with { Overwrite = true });
        _folder.Converted().Scalar("FA").Elements.ShouldBe(12);
    }

    [Fact]
    public void A_pipe_is_not_replaced_by_the_output()
    {
        System.Diagnostics.Process.Start("mkfifo", [_folder.Output]).WaitForExit();
        Should.Throw<BadInputException>(() => _folder.Convert(_folder.Plan with { Overwrite = true })).Message.ShouldContain("is a pipe");
    }

    [Fact]
    public void Wide_cohorts_are_split_and_long_ones_are_not_by_default()
    {
        _folder.Cohort("id,F A,FC", "1,sub-0.nii.gz,sub-1.nii.gz");
        _folder.Convert(_folder.Plan with { ScalarColumns = ["F A", "FC"] });
        _folder.Converted("F_A_out.h5").Scalars.Select(scalar => scalar.Name).ShouldBe(["F A"]);
        _folder.Converted("FC_out.h5").Scalars.Select(scalar => scalar.Name).ShouldBe(["FC"]);
        _folder.Convert(_folder.Plan with { ScalarColumns = ["F A", "FC"], SplitFiles = false });
        _folder.Converted().Scalars.Count.ShouldBe(2);

        _folder.Cohort("scalar_name,source_file", "A,sub-0.nii.gz", "B,sub-1.nii.gz", "A,sub-2.nii.gz");
        _folder.Convert(_folder.Plan with { Overwrite = true });
        _folder.Converted().Scalars.Select(scalar => (scalar.Name, scalar.Subjects)).ShouldBe([("A", 2), ("B", 1)]);
        _folder.Convert(_folder.Plan with { SplitFiles = true });
        _folder.Converted("A_out.h5").Scalar("A").SourceNames.ShouldBe(["sub-0.nii.gz", "sub-2.nii.gz"]);
    }

    [Fact]
    public void Scalars_whose_files_would_share_a_name_are_refused()
    {
        _folder.Cohort("id,F A,F_A", "1,sub-0.nii.gz,sub-1.nii.gz");
        Should
            .Throw<BadInputException>(() => _folder.Convert(_folder.Plan with { ScalarColumns = ["F A", "F_A"] }))
            .Message.ShouldContain("F_A_out.h5");
    }

    [Fact]
    public void Missing_options_for_volumes_are_reported() =>
        Should.Throw<UsageException>(() => _folder.Convert(_folder.Plan with { Mask = null })).Message.ShouldContain("--mask");
}
