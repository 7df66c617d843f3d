using HpcFit.Coordinator.Imaging;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Imaging;

/// <summary>Every unusable image is reported by name, and nothing is left in the folder.</summary>
public sealed class BadImageTests : IDisposable
{
    private readonly ConversionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_truncated_gzip_file_is_reported()
    {
        var whole = File.ReadAllBytes(_folder.Combine("sub-1.nii.gz"));
        foreach (var left in (int[])[30, whole.Length / 2, whole.Length - 9, whole.Length - 4])
        {
            _folder.Write("sub-1.nii.gz", whole[..left]);
            Refused("sub-1.nii.gz", "row 2");
        }
    }

    [Fact]
    public void A_gzip_file_with_a_wrong_checksum_is_reported()
    {
        var bytes = File.ReadAllBytes(_folder.Combine("sub-2.nii.gz"));
        bytes[^6] ^= 1;
        _folder.Write("sub-2.nii.gz", bytes);
        Refused("sub-2.nii.gz", "damaged", "Row 3");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Damage_far_after_the_header_is_found_when_the_samples_are_read(double where)
    {
        var noise = new Random(1);
        var bytes = TestVolume.Gzip(new TestVolume { Shape = [40, 40, 40], Value = _ => noise.NextSingle() }.Bytes());
        bytes[(int)((bytes.Length - 7) * where)] ^= 0xFF;
        _folder.Write("large.nii.gz", bytes);
        var image = ImageFile.ReadHeader(_folder.Combine("large.nii.gz"));
        using var samples = new SampleReader();
        var everywhere = new ElementGrid(image.Shape, null);
        Should
            .Throw<BadInputException>(() => samples.Read(image, SamplePicks.From(everywhere, image), new double[everywhere.Count]))
            .Message.ShouldContain("large.nii.gz' is damaged");
    }

    [Fact]
    public void A_truncated_plain_file_is_reported_before_any_image_is_read()
    {
        Replace("sub-1.nii", new TestVolume().Bytes()[..^4]);
        Refused("sub-1.nii", "truncated", "samples", "cannot be used");
    }

    [Fact]
    public void Different_dimensions_are_reported_with_those_of_the_mask()
    {
        Replace("sub-1.nii", new TestVolume { Shape = [4, 3, 3] }.Bytes());
        Refused("sub-1.nii", "4 x 3 x 3", "4 x 3 x 2", "mask.nii", "row 2");
    }

    [Fact]
    public void A_fourth_axis_is_refused_unless_its_extent_is_one()
    {
        Replace("sub-1.nii", new TestVolume { Shape = [4, 3, 2, 1] }.Bytes());
        _folder.Convert();
        File.Delete(_folder.Output);
        Replace("sub-1.nii", new TestVolume { Shape = [4, 3, 2, 5] }.Bytes());
        Refused("sub-1.nii", "4 axes", "4 x 3 x 2 x 5");
    }

    [Fact]
    public void A_different_position_is_reported_with_both_affines()
    {
        Replace("sub-1.nii", new TestVolume { ShiftX = 3 }.Bytes());
        Refused("sub-1.nii", "1.5 cell edges", "[2 0 0 3;", "mask.nii");
    }

    [Theory]
    [InlineData(32, "complex")]
    [InlineData(1792, "complex")]
    [InlineData(128, "colours")]
    [InlineData(1536, "128-bit")]
    [InlineData(1, "single-bit")]
    [InlineData(7, "unknown NIfTI type 7")]
    public void Unsupported_sample_types_are_reported(short type, string what)
    {
        Replace("sub-1.nii", new TestVolume { DataType = type }.Bytes());
        Refused("sub-1.nii", what);
    }

    [Theory]
    [InlineData(2f, 1f, 2, 1)]
    [InlineData(0f, 5f, 1, 0)]
    [InlineData(float.NaN, 5f, 1, 0)]
    [InlineData(float.PositiveInfinity, 5f, 1, 0)]
    [InlineData(0f, float.NaN, 1, 0)]
    [InlineData(float.NaN, float.NaN, 1, 0)]
    [InlineData(-2f, 0f, -2, 0)]
    public void Slopes_count_as_nibabel_counts_them(float slope, float intercept, double wantedSlope, double wantedIntercept)
    {
        _folder.Write("a.nii", new TestVolume { Slope = slope, Intercept = intercept }.Bytes());
        var image = ImageFile.ReadHeader(_folder.Combine("a.nii"));
        (image.Slope, image.Intercept).ShouldBe((wantedSlope, wantedIntercept));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_valid_slope_with_an_intercept_that_is_not_finite_is_refused(float intercept)
    {
        Replace("sub-1.nii", new TestVolume { Slope = 2, Intercept = intercept }.Bytes());
        Refused("sub-1.nii", "scl_slope 2", "scl_inter", "row 2");
    }

    [Theory]
    [InlineData(108, 351f, "vox_offset 351")]
    [InlineData(108, 353.5f, "vox_offset 353.5")]
    [InlineData(108, float.NaN, "vox_offset NaN")]
    [InlineData(108, 1e8f, "truncated")]
    [InlineData(280, float.NaN, "sform")]
    public void Invalid_numbers_in_a_header_are_reported(int field, float value, string words)
    {
        var bytes = new TestVolume().Bytes();
        System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(field), value);
        Replace("sub-1.nii", bytes);
        Refused("sub-1.nii", words);
    }

    [Fact]
    public void A_pipe_or_a_device_instead_of_an_image_is_reported_without_waiting()
    {
        System.Diagnostics.Process.Start("mkfifo", [_folder.Combine("pipe.nii")]).WaitForExit();
        File.CreateSymbolicLink(_folder.Combine("device.nii"), "/dev/zero");
        File.CreateSymbolicLink(_folder.Combine("gone.nii"), "nowhere.nii");
        _folder.Cohort("scalar_name,source_file", "FA,pipe.nii", "FA,device.nii", "FA,gone.nii");
        Refused("pipe.nii' is a pipe", "device.nii' is a device", "symbolic link to 'nowhere.nii'");
        _folder.Cohort("scalar_name,source_file,source_mask_file", "FA,sub-0.nii.gz,pipe.nii");
        Refused("pipe.nii' is a pipe");
        File.Delete(_folder.Combine("mask.nii"));
        File.Move(_folder.Combine("pipe.nii"), _folder.Combine("mask.nii"));
        Refused("mask.nii' is a pipe");
    }

    [Fact]
    public void A_header_that_announces_more_than_the_file_can_contain_is_refused_before_memory_is_allocated()
    {
        // 900 MB of samples; a gzip file of this size cannot hold a megabyte.
        var bytes = new TestVolume { Shape = [4, 3, 2] }.Bytes();
        foreach (var axis in (int[])[42, 44, 46])
            System.Buffers.Binary.BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(axis), 600);
        foreach (var (name, content) in ((string, byte[])[])[("a.nii", bytes), ("a.nii.gz", TestVolume.Gzip(bytes))])
        {
            _folder.Write(name, content);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Should
                .Throw<BadInputException>(() => ImageFile.ReadAll(ImageFile.ReadHeader(_folder.Combine(name))))
                .Message.ShouldContain("600 x 600 x 600 samples");
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
        }
    }

    [Fact]
    public void A_value_beyond_float32_is_reported_and_accepted_with_float64()
    {
        // A slope of 1e38 makes values up to 2.3e39 of the samples' numbers.
        Replace("sub-1.nii", new TestVolume { Slope = 1e38f }.Bytes());
        Refused("sub-1.nii", "Row 2", "beyond the range of float32", "--dtype float64");
        _folder.Convert(_folder.Plan with { Storage = new() { Type = ElementType.Float64 } });
        _folder.Converted().Scalar("FA").Subjects.ShouldBe(3);
    }

    [Fact]
    public void A_text_an_empty_file_and_a_folder_are_refused_as_images()
    {
        Replace("sub-1.nii", "subject,age\n"u8.ToArray());
        Refused("sub-1.nii", "not a NIfTI file");
        Replace("sub-1.nii", []);
        Refused("sub-1.nii", "empty");
        Directory.CreateDirectory(_folder.Combine("sub-9.nii"));
        _folder.Cohort("scalar_name,source_file", "FA,sub-9.nii");
        Refused("sub-9.nii", "folder");
    }

    [Fact]
    public void A_header_of_a_pair_is_reported_with_the_remedy()
    {
        Replace("sub-1.nii", new TestVolume { Magic = "ni1\0" }.Bytes());
        Refused("sub-1.nii", ".hdr and .img");
    }

    [Fact]
    public void Several_bad_images_are_reported_together()
    {
        File.Delete(_folder.Combine("sub-0.nii.gz"));
        Replace("sub-1.nii", new TestVolume { Shape = [2, 3, 2] }.Bytes());
        Refused("2 of the 3 images", "sub-0.nii.gz", "row 1", "sub-1.nii", "row 2");
    }

    [Fact]
    public void An_individual_mask_of_another_shape_is_reported()
    {
        _folder.Write("own.nii", new TestVolume { Shape = [4, 3, 1] }.Bytes());
        _folder.Cohort("scalar_name,source_file,source_mask_file", "FA,sub-0.nii.gz,own.nii", "FA,sub-1.nii.gz,");
        Refused("own.nii", "4 x 3 x 1", "row 1");
    }

    [Fact]
    public void A_mask_of_another_shape_or_without_voxels_is_reported()
    {
        _folder.Write("mask.nii", new TestVolume { Shape = [5, 3, 2] }.Bytes());
        Refused("3 of the 3 images", "mask.nii", "5 x 3 x 2");
        _folder.Write("mask.nii", new TestVolume { Value = _ => 0 }.Bytes());
        Refused("mask.nii", "no voxel above 0");
    }

    [Fact]
    public void A_volume_with_a_CIFTI_name_is_refused()
    {
        _folder.Write("a.dscalar.nii", new TestVolume().Bytes());
        _folder.Cohort("scalar_name,source_file", "FA,a.dscalar.nii");
        Refused("a.dscalar.nii", "not a CIFTI-2 file");
    }

    [Fact]
    public void Kinds_of_images_do_not_mix()
    {
        _folder.Cohort("scalar_name,source_file", "FA,sub-0.nii.gz", "FA,sub-1.mif");
        Refused("NIfTI volumes", "MRtrix fixel data", "sub-1.mif", "row 2");
        Should
            .Throw<BadInputException>(() => _folder.Convert(_folder.Plan with { Modality = Modality.Fixels }))
            .Message.ShouldContain("sub-0.nii.gz");
        _folder.Cohort("scalar_name,source_file", "FA,sub-0.dtseries.nii");
        Refused(".dtseries.nii", ".dscalar.nii");
        _folder.Cohort("scalar_name,source_file", "FA,sub-0.mgz");
        Refused("sub-0.mgz", ".nii.gz");
    }

    private void Replace(string name, byte[] bytes)
    {
        _folder.Write(name, bytes);
        _folder.Cohort("scalar_name,source_file", "FA,sub-0.nii.gz", $"FA,{name}", "FA,sub-2.nii.gz");
    }

    private void Refused(params string[] words)
    {
        var before = Directory.GetFileSystemEntries(_folder.Path).Order().ToList();
        var message = Should.Throw<BadInputException>(() => _folder.Convert()).Message;
        foreach (var word in words)
            message.ShouldContain(word, Case.Insensitive);
        Directory.GetFileSystemEntries(_folder.Path).Order().ShouldBe(before);
    }
}
