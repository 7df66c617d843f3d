using System.Buffers.Binary;
using HpcFit.Coordinator.Imaging.Nifti;

namespace HpcFit.Coordinator.Tests.Imaging;

/// <summary>The three ways in which a NIfTI header locates its cells; the expected rows are nibabel's affine for the same fields.</summary>
public sealed class NiftiAffineTests
{
    [Fact]
    public void The_affine_rows_take_precedence() => Rows(quaternion: 1, affine: 2).ShouldBe([2, 0, 0, 30, 0, 2, 0, 0, 0, 0, 2, 0]);

    [Theory]
    [InlineData(1, 4)]
    [InlineData(-1, -4)]
    public void Without_them_the_quaternion_rotates_and_its_sign_mirrors_the_third_axis(float sign, double third)
    {
        // A quarter turn about z, cells of 2 x 3 x 4 mm.
        var rows = Rows(quaternion: 1, affine: 0, sign);
        double[] expected = [0, -3, 0, 5, 2, 0, 0, 6, 0, 0, third, 7];
        for (var i = 0; i < rows.Length; i++)
            rows[i].ShouldBe(expected[i], 1e-6);
    }

    [Fact]
    public void Without_either_the_cells_sizes_remain_about_the_middle() =>
        Rows(quaternion: 0, affine: 0).ShouldBe([-2, 0, 0, 3, 0, 3, 0, -3, 0, 0, 4, -2]);

    private static double[] Rows(short quaternion, short affine, float sign = 1)
    {
        var bytes = new TestVolume { ShiftX = 30 }.Bytes();
        var head = bytes.AsSpan();
        BinaryPrimitives.WriteInt16LittleEndian(head[252..], quaternion);
        BinaryPrimitives.WriteInt16LittleEndian(head[254..], affine);
        float[] sizes = [sign, 2, 3, 4],
            turn = [0, 0, MathF.Sqrt(0.5f), 5, 6, 7];
        for (var i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(head[(76 + (4 * i))..], sizes[i]);
        for (var i = 0; i < turn.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(head[(256 + (4 * i))..], turn[i]);
        return NiftiAffine.From(NiftiFields.From(bytes)!, [4, 3, 2], "a.nii").Rows;
    }
}
