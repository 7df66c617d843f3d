using System.Text;
using HpcFit.Coordinator.Imaging.Mif;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Imaging;

public sealed class MifFileTests : IDisposable
{
    private readonly ConversionFolder _folder = new(subjects: 0);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Layouts_and_scaling_say_where_and_what_samples_are()
    {
        var image = Read("dim: 2,3,4", "vox: 1,1,1", "layout: -1,+0,-2", "datatype: UInt16BE", "scaling: 1.5,0.25", "file: . 200").Image;
        image.Strides.ShouldBe([-3, 1, -6]);
        image.Origin.ShouldBe(3 + 18); // the last sample along the two axes that run backwards
        (image.BigEndian, image.Intercept, image.Slope, image.DataOffset).ShouldBe((true, 1.5, 0.25, 200L));
    }

    [Fact]
    public void A_head_written_again_keeps_its_lines_and_says_where_samples_begin()
    {
        var head = Encoding.UTF8.GetString(Read("dim: 3,1,1", "vox: 1,1,1", "layout: +0,+1,+2", "datatype: Int8", "scaling: 0,2", "note: höhe", "file: . 200").HeadForSingles());
        head.ShouldStartWith("mrtrix image\ndim: 3,1,1\nvox: 1,1,1\nlayout: +0,+1,+2\nnote: höhe\ndatatype: Float32LE\nfile: . ");
        var offset = int.Parse(head.Split("file: . ")[1].Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture);
        offset.ShouldBe(Encoding.UTF8.GetByteCount(head));
        head.ShouldNotContain("scaling");
    }

    [Theory]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: CFloat32LE;file: . 99", "CFloat32LE")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Bit;file: . 99", "'Bit'")]
    [InlineData("dim: 2,1,1;layout: +0,+1;datatype: Float32LE;file: . 99", "layout: +0,+1")]
    [InlineData("dim: 2,x,1;layout: +0,+1,+2;datatype: Float32LE;file: . 99", "dim: 2,x,1")]
    [InlineData("dim: 2,0,1;layout: +0,+1,+2;datatype: Float32LE;file: . 99", "2 x 0 x 1")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Float32LE;file: other.dat 0", "elsewhere")]
    [InlineData("dim: 2,1,1;layout: +0,+1,+2;datatype: Float32LE", "no line 'file'")]
    public void What_a_header_lacks_is_said(string lines, string words) =>
        Should.Throw<BadInputException>(() => Read(lines.Split(';'))).Message.ShouldContain(words);

    [Fact]
    public void A_header_without_an_end_is_damaged()
    {
        _folder.Write("cut.mif", "mrtrix image\ndim: 2,1,1\n"u8.ToArray());
        Should.Throw<BadInputException>(() => MifFile.Read(_folder.Combine("cut.mif"))).Message.ShouldContain("no line 'END'");
    }

    private MifFile Read(params string[] lines)
    {
        _folder.Write("image.mif", Encoding.UTF8.GetBytes("mrtrix image\n" + string.Join('\n', lines) + "\nEND\n"));
        return MifFile.Read(_folder.Combine("image.mif"));
    }
}
