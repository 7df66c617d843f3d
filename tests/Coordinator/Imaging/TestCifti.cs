using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace HpcFit.Coordinator.Tests.Imaging;

/// <summary>
/// A CIFTI-2 file of float32 samples, assembled by hand so that tests can damage it: by default two vertices of a surface and two voxels.
/// </summary>
internal sealed class TestCifti
{
    private const int HeaderBytes = 540;
    private const int ExtensionCode = 32;

    public const string Matrix = "-2 0 0 90 0 2 0 -126 0 0 2 -72 0 0 0 1";

    public string FirstType { get; init; } = "SCALARS";

    public string First { get; init; } = "<NamedMap><MapName>m</MapName></NamedMap>";

    public string SecondType { get; init; } = "BRAIN_MODELS";

    public string Volume { get; init; } = VolumeOf("6,7,8", Matrix);

    public string Models { get; init; } =
        """<BrainModel IndexOffset="0" IndexCount="2" BrainStructure="CIFTI_STRUCTURE_CORTEX_LEFT" ModelType="CIFTI_MODEL_TYPE_SURFACE" SurfaceNumberOfVertices="10"><VertexIndices>3 7</VertexIndices></BrainModel>"""
        + """<BrainModel IndexOffset="2" IndexCount="2" BrainStructure="CIFTI_STRUCTURE_THALAMUS_LEFT" ModelType="CIFTI_MODEL_TYPE_VOXELS"><VoxelIndicesIJK>1 2 3 2 2 3</VoxelIndicesIJK></BrainModel>""";

    public int[] Extents { get; init; } = [1, 4];

    public static string VolumeOf(string dimensions, string matrix, string exponent = "-3") =>
        $"""<Volume VolumeDimensions="{dimensions}"><TransformationMatrixVoxelIndicesIJKtoXYZ MeterExponent="{exponent}">{matrix}</TransformationMatrixVoxelIndicesIJKtoXYZ></Volume>""";

    public string Xml =>
        $"""<CIFTI Version="2"><Matrix><MatrixIndicesMap AppliesToMatrixDimension="0" IndicesMapToDataType="CIFTI_INDEX_TYPE_{FirstType}">{First}</MatrixIndicesMap>"""
        + $"""<MatrixIndicesMap AppliesToMatrixDimension="1" IndicesMapToDataType="CIFTI_INDEX_TYPE_{SecondType}">{Volume}{Models}</MatrixIndicesMap></Matrix></CIFTI>""";

    public byte[] Bytes()
    {
        var xml = Encoding.UTF8.GetBytes(Xml);
        var extension = (xml.Length + 8 + 15) / 16 * 16;
        var dataOffset = HeaderBytes + 4 + extension;
        float[] values = [.. Enumerable.Range(0, Extents[0] * Extents[1]).Select(number => (float)number)];
        var bytes = new byte[dataOffset + (values.Length * sizeof(float))];
        var head = bytes.AsSpan();
        BinaryPrimitives.WriteInt32LittleEndian(head, HeaderBytes);
        "n+2\0\r\n\x1a\n"u8.CopyTo(head[4..]);
        BinaryPrimitives.WriteInt16LittleEndian(head[12..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(head[14..], 32);
        long[] dim = [6, 1, 1, 1, 1, .. Extents, 1];
        for (var i = 0; i < dim.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(head[(16 + (8 * i))..], dim[i]);
        BinaryPrimitives.WriteInt64LittleEndian(head[168..], dataOffset);
        BinaryPrimitives.WriteInt32LittleEndian(head[504..], 3006);
        head[HeaderBytes] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(head[(HeaderBytes + 4)..], extension);
        BinaryPrimitives.WriteInt32LittleEndian(head[(HeaderBytes + 8)..], ExtensionCode);
        xml.CopyTo(head[(HeaderBytes + 12)..]);
        MemoryMarshal.AsBytes<float>(values).CopyTo(head[dataOffset..]);
        return bytes;
    }
}
