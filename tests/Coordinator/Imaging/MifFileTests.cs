using System.Text;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;
using HpcFit.Shared.Imaging.Mif;

namespace HpcFit.Coordinator.Tests.Imaging;

public sealed class MifFileTests : IDisposable
{
    private readonly ConversionFolder _folder = new(subjects: 0);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Layout_and_scaling_determine_position_and_value_of_samples()
    {
        var image = Read("dim: 2,3,4", "vox: 1,1,1", "layout: -1,+0,-2", "datatype: UInt16BE", "scaling: 1.5,0.25", "file: . 200").Image;
        image.Strides.ShouldBe([-3, 1, -6]);
        image.Origin.ShouldBe(3 + 18); // the last sample along the two axes that run backwards
        (image.BigEndian, image.Intercept, image.Slope, image.DataOffset).ShouldBe((true, 1.5, 0.25, 200L));
    }

    [Fact]
    public void A_rewritten_header_keeps_its_lines_and_the_offset_of_the_samples()
    {
        var head = Encoding.UTF8.GetString(
            Read("dim: 3,1,1", "vox: 1,1,1", "layout: +0,+1,+2", "datatype: Int8", "scaling: 0,2", "note: höhe", "file: . 200")
                .HeadForMap(SampleType.Float32, "Age.estimate")
        );
        head.ShouldStartWith(
            "mrtrix image\ndim: 3,1,1\nvox: 1,1,1\nlayout: +0,+1,+2\nnote: höhe\ndatatype: Float32LE\ncomments: Age.estimate\nfile: . "
        );
        var offset = int.Parse(head.Split("file: . ")[1].Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture);
        offset.ShouldBe(Encoding.UTF8.GetByteCount(head));
        head.ShouldNotContain("scaling");
    }

    [Theory]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: CFloat32LE;file: . 199", "CFloat32LE")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Bit;file: . 199", "'Bit'")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: UInt8LE;file: . 199", "'UInt8LE'")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Int8,UInt8;file: . 199", "'Int8,UInt8'")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: 3;file: . 199", "'3'")]
    [InlineData("dim: 2,1,1;layout: +0,+1;datatype: Float32LE;file: . 199", "layout: +0,+1")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+1;datatype: Float32LE;file: . 199", "layout: +0,+1,+1")]
    [InlineData("dim: 2,x,1;layout: +0,+1,+2;datatype: Float32LE;file: . 199", "dim: 2,x,1")]
    [InlineData("dim: 2.5,1,1;layout: +0,+1,+2;datatype: Float32LE;file: . 199", "dim: 2.5,1,1")]
    [InlineData("dim: 2,0,1;layout: +0,+1,+2;datatype: Float32LE;file: . 199", "2 x 0 x 1")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Float32LE;file: other.dat 0", "in another file")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Float32LE;file: .", "does not contain the byte")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Float32LE;file: . 50", "inside its header")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Float32LE;file: . 9223372036854775807", "truncated")]
    [InlineData("dim: 999,999,999;layout: +0,+1,+2;datatype: Float32LE;file: . 199", "999 x 999 x 999 samples of 4 bytes")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Float32LE", "no line 'file'")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Int16LE;scaling: 5;file: . 199", "scaling: 5")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Int16LE;scaling: 5,0;file: . 199", "scaling: 5,0")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Int16LE;scaling: nan,1;file: . 199", "scaling: nan,1")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Int16LE;datatype: UInt16LE;file: . 199", "'Int16LE' and 'UInt16LE'")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Int16LE;scaling: 0,2;scaling: 0,3;file: . 199", "2 different lines 'scaling'")]
    public void Defects_of_a_header_are_reported(string lines, string words) =>
        Should.Throw<BadInputException>(() => Read(lines.Split(';'))).Message.ShouldContain(words);

    [Theory]
    [InlineData("Int16LE", 0.5, 5)]
    [InlineData("UInt8", 0.5, 5)]
    [InlineData("UInt64BE", 0.5, 5)]
    [InlineData("Float32LE", 1, 0)]
    [InlineData("Float64BE", 1, 0)]
    public void Only_integers_are_scaled_as_MRtrix_does(string type, double slope, double intercept)
    {
        var image = Read("dim: 2,1,1", "layout: +0,+1,+2", $"datatype: {type}", "scaling: 5,0.5", "file: . 199").Image;
        (image.Slope, image.Intercept).ShouldBe((slope, intercept));
    }

    [Fact]
    public void Keys_in_capitals_comments_and_lines_that_begin_with_END_are_read_as_MRtrix_reads_them()
    {
        var image = Read(
            "Dim: 2,1,1 # a pair",
            "# dim: 3,1,1",
            "ENDING: none",
            "layout: +0,+1,+2",
            "DATATYPE: int16le",
            "SCALING: 5,0.5",
            "file: . 199"
        ).Image;
        (image.Shape[0], image.Type, image.Slope).ShouldBe((2, SampleType.Int16, 0.5));
    }

    [Fact]
    public void The_transform_rotates_and_shifts_cells_of_the_sizes_in_vox()
    {
        string[] lines = ["dim: 2,1,1", "vox: 2,3,4", "layout: -0,-1,+2", "datatype: UInt8", "file: . 199"];
        Read([.. lines, "transform: 0,-1,0,10", "transform: 1,0,0,20", "transform: 0,0,1,30"])
            .Placed.Affine!.Rows.ShouldBe([0, -3, 0, 10, 2, 0, 0, 20, 0, 0, 4, 30]);
        Read(lines).Placed.Affine.ShouldBeNull();
        Should
            .Throw<BadInputException>(() => Read([.. lines, "transform: 0,nan,0,10", "transform: 1,0,0,20", "transform: 0,0,1,30"]).Placed)
            .Message.ShouldContain("finite");
    }

    [Fact]
    public void A_header_without_an_end_is_damaged()
    {
        _folder.Write("cut.mif", "mrtrix image\ndim: 2,1,1\n"u8.ToArray());
        Should.Throw<BadInputException>(() => MifFile.Read(_folder.Combine("cut.mif"))).Message.ShouldContain("no line 'END'");
    }

    private MifFile Read(params string[] lines)
    {
        _folder.Write("image.mif", [.. Encoding.UTF8.GetBytes("mrtrix image\n" + string.Join('\n', lines) + "\nEND\n"), .. new byte[250]]);
        return MifFile.Read(_folder.Combine("image.mif"));
    }
}
