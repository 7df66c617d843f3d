using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace HpcFit.Coordinator.Tests.Imaging;

/// <summary>A NIfTI-1 file of float32 samples, assembled by hand so that tests can damage it.</summary>
internal sealed class TestVolume
{
    private const int DataOffset = 352;

    public int[] Shape { get; init; } = [4, 3, 2];

    public short DataType { get; init; } = 16;

    public float ShiftX { get; init; }

    public float Slope { get; init; }

    public float Intercept { get; init; }

    public string Magic { get; init; } = "n+1\0";

    /// <summary>The value of each sample; null: a sample's number.</summary>
    public Func<int, float> Value { get; init; } = sample => sample;

    public byte[] Bytes()
    {
        var samples = Shape.Aggregate(1, (product, extent) => product * extent);
        var bytes = new byte[DataOffset + (samples * sizeof(float))];
        var head = bytes.AsSpan();
        BinaryPrimitives.WriteInt32LittleEndian(head, 348);
        BinaryPrimitives.WriteInt16LittleEndian(head[40..], (short)Shape.Length);
        for (var axis = 0; axis < Shape.Length; axis++)
            BinaryPrimitives.WriteInt16LittleEndian(head[(42 + (2 * axis))..], (short)Shape[axis]);
        BinaryPrimitives.WriteInt16LittleEndian(head[70..], DataType);
        BinaryPrimitives.WriteInt16LittleEndian(head[72..], 32);
        BinaryPrimitives.WriteSingleLittleEndian(head[108..], DataOffset);
        BinaryPrimitives.WriteSingleLittleEndian(head[112..], Slope);
        BinaryPrimitives.WriteSingleLittleEndian(head[116..], Intercept);
        BinaryPrimitives.WriteInt16LittleEndian(head[254..], 1);
        for (var axis = 0; axis < 3; axis++)
            BinaryPrimitives.WriteSingleLittleEndian(head[(280 + (16 * axis) + (4 * axis))..], 2);
        BinaryPrimitives.WriteSingleLittleEndian(head[292..], ShiftX);
        System.Text.Encoding.ASCII.GetBytes(Magic, head[344..]);
        var values = MemoryMarshal.Cast<byte, float>(head[DataOffset..]);
        for (var sample = 0; sample < values.Length; sample++)
            values[sample] = Value(sample);
        return bytes;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
