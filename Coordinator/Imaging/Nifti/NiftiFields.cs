using System.Buffers.Binary;
using System.Text;

namespace HpcFit.Coordinator.Imaging.Nifti;

/// <summary>
/// Reads and sets the fields of a NIfTI header in its byte order, at the offsets of the standards' structures.
/// </summary>
/// <remarks>NIfTI-1: nifti1.h (2003-2007); NIfTI-2: nifti2.h (2011), both of the Data Format Working Group of the NIH.</remarks>
internal sealed class NiftiFields
{
    private const int LengthOfFirst = 348;
    private const int LengthOfSecond = 540;
    private readonly byte[] _bytes;

    private NiftiFields(byte[] bytes, bool bigEndian) => (_bytes, BigEndian) = (bytes, bigEndian);

    /// <summary>Whether numbers are big-endian.</summary>
    public bool BigEndian { get; }

    /// <summary>The version, 1 or 2.</summary>
    public int Version => _bytes.Length == LengthOfFirst ? 1 : 2;

    /// <summary>The header's bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The magic text: <c>n+1</c>, <c>ni1</c>, <c>n+2</c>, …</summary>
    public string Magic => Encoding.ASCII.GetString(_bytes, Version == 1 ? 344 : 4, 3);

    /// <summary>Number of axes, followed by the extents.</summary>
    public long Dim(int index) => Version == 1 ? Int16(40 + (2 * index)) : Int64(16 + (8 * index));

    /// <summary>The code of the samples' type.</summary>
    public int DataType => Int16(Version == 1 ? 70 : 12);

    /// <summary>The offset of the samples.</summary>
    public double DataOffset => Version == 1 ? Single(108) : Int64(168);

    /// <summary>Factor from samples to values.</summary>
    public double Slope => Version == 1 ? Single(112) : Double(176);

    /// <summary>The offset added after <see cref="Slope"/>.</summary>
    public double Intercept => Version == 1 ? Single(116) : Double(184);

    /// <summary>Cell sizes; the first is the sign of the quaternion's third axis.</summary>
    public double PixDim(int index) => Version == 1 ? Single(76 + (4 * index)) : Double(104 + (8 * index));

    /// <summary>Whether the quaternion locates the cells, and in which space.</summary>
    public int QuaternionCode => Version == 1 ? Int16(252) : Int32(344);

    /// <summary>Whether the affine rows locate the cells, and in which space.</summary>
    public int AffineCode => Version == 1 ? Int16(254) : Int32(348);

    /// <summary>b, c, d, then the offsets x, y, z.</summary>
    public double Quaternion(int index) => Version == 1 ? Single(256 + (4 * index)) : Double(352 + (8 * index));

    /// <summary>The affine's rows, four numbers each.</summary>
    public double AffineRow(int index) => Version == 1 ? Single(280 + (4 * index)) : Double(400 + (8 * index));

    /// <summary>Parses the first bytes of a file; null if they are not a NIfTI header.</summary>
    /// <param name="start">At least 540 bytes, or the whole file if it is shorter.</param>
    public static NiftiFields? From(ReadOnlySpan<byte> start)
    {
        if (start.Length < LengthOfFirst)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(start);
        var bigEndian = length is not (LengthOfFirst or LengthOfSecond);
        if (bigEndian)
            length = BinaryPrimitives.ReverseEndianness(length);
        return length is LengthOfFirst or LengthOfSecond && length <= start.Length ? new(start[..length].ToArray(), bigEndian) : null;
    }

    /// <summary>
    /// The same header for float32 samples that are the values, without the display range, which applied to other values.
    /// </summary>
    public NiftiFields ForSingles()
    {
        var changed = new NiftiFields([.. _bytes], BigEndian);
        changed.Set16(Version == 1 ? 70 : 12, NiftiTypes.Float32);
        changed.Set16(Version == 1 ? 72 : 14, 32);
        if (Version == 1)
        {
            foreach (var (field, value) in ((int, float)[])[(112, 1), (116, 0), (124, 0), (128, 0)])
                changed.SetSingle(field, value);
        }
        else
        {
            foreach (var (field, value) in ((int, double)[])[(176, 1), (184, 0), (192, 0), (200, 0)])
                changed.SetDouble(field, value);
        }
        return changed;
    }

    private short Int16(int at) =>
        BigEndian ? BinaryPrimitives.ReadInt16BigEndian(_bytes.AsSpan(at)) : BinaryPrimitives.ReadInt16LittleEndian(_bytes.AsSpan(at));

    private int Int32(int at) =>
        BigEndian ? BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(at)) : BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at));

    private long Int64(int at) =>
        BigEndian ? BinaryPrimitives.ReadInt64BigEndian(_bytes.AsSpan(at)) : BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(at));

    private float Single(int at) => BitConverter.Int32BitsToSingle(Int32(at));

    private double Double(int at) => BitConverter.Int64BitsToDouble(Int64(at));

    private void Set16(int at, short value)
    {
        if (BigEndian)
            BinaryPrimitives.WriteInt16BigEndian(_bytes.AsSpan(at), value);
        else
            BinaryPrimitives.WriteInt16LittleEndian(_bytes.AsSpan(at), value);
    }

    private void SetSingle(int at, float value)
    {
        if (BigEndian)
            BinaryPrimitives.WriteSingleBigEndian(_bytes.AsSpan(at), value);
        else
            BinaryPrimitives.WriteSingleLittleEndian(_bytes.AsSpan(at), value);
    }

    private void SetDouble(int at, double value)
    {
        if (BigEndian)
            BinaryPrimitives.WriteDoubleBigEndian(_bytes.AsSpan(at), value);
        else
            BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(at), value);
    }
}
