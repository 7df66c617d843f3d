using System.Runtime.InteropServices;
using System.Text;

namespace HpcFit.Coordinator.Tests.Imaging;

/// <summary>MRtrix images of float32 samples, assembled by hand so that tests can damage them.</summary>
internal static class TestMif
{
    private const int DataOffset = 512;

    /// <summary>An image whose samples are given in the order of the file.</summary>
    public static byte[] Bytes(string dim, string layout, float[] samples, params string[] more)
    {
        string[] lines =
        [
            "mrtrix image",
            $"dim: {dim}",
            "vox: 2,2,2,1",
            $"layout: {layout}",
            "datatype: Float32LE",
            .. more,
            $"file: . {DataOffset}",
            "END",
            "",
        ];
        var bytes = new byte[DataOffset + (samples.Length * sizeof(float))];
        Encoding.UTF8.GetBytes(string.Join('\n', lines), bytes);
        MemoryMarshal.AsBytes<float>(samples).CopyTo(bytes.AsSpan(DataOffset));
        return bytes;
    }

    /// <summary>
    /// An index image of 2 x 2 x 2 voxels, the first axis varying fastest, some of which have one fixel each, in the given order.
    /// </summary>
    public static byte[] Index(params int[] voxels) => Index([.. voxels.Select(voxel => (voxel, 1))]);

    /// <summary>An index image of 2 x 2 x 2 voxels with a number of fixels in some.</summary>
    public static byte[] Index((int Voxel, int Fixels)[] voxels, string layout = "+0,+1,+2,+3", string transform = "-10")
    {
        var samples = new float[16];
        var next = 0;
        foreach (var (voxel, fixels) in voxels)
        {
            (samples[voxel], samples[8 + voxel]) = (fixels, next);
            next += fixels;
        }
        return Bytes("2,2,2,2", layout, samples, $"transform: 1,0,0,{transform}", "transform: 0,1,0,-20", "transform: 0,0,1,-30");
    }

    /// <summary>Different directions for some fixels.</summary>
    public static byte[] Directions(int fixels, float x = 0) =>
        Bytes($"{fixels},3,1", "+0,+1,+2", [.. Enumerable.Range(0, 3 * fixels).Select(number => number < fixels ? x : number / 10f)]);

    /// <summary>Fixel data.</summary>
    public static byte[] Data(int fixels) =>
        Bytes($"{fixels},1,1", "+0,+1,+2", [.. Enumerable.Range(0, fixels).Select(fixel => (float)fixel)]);
}
