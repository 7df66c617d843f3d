using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Nifti;

/// <summary>
/// Reads and sets the fields of a NIfTI header in its byte order, at the offsets of the standards' structures.
/// </summary>
/// <remarks>NIfTI-1: nifti1.h (2003-2007); NIfTI-2: nifti2.h (2011), both of the Data Format Working Group of the NIH.</remarks>
internal sealed class NiftiFields
{
    /// <summary>The length of the field <c>descrip</c>, its final NUL included.</summary>
    public const int DescriptionBytes = 80;

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
    /// The same header for samples that are the values, without the display range, which applied to other values.
    /// </summary>
    /// <param name="type">The samples' type.</param>
    /// <param name="description">The field <c>descrip</c>, cut to its <see cref="DescriptionBytes"/>.</param>
    public NiftiFields ForMap(SampleType type, string description)
    {
        var changed = new NiftiFields([.. _bytes], BigEndian);
        changed.Set16(Version == 1 ? 70 : 12, NiftiTypes.Code(type));
        changed.Set16(Version == 1 ? 72 : 14, (short)(8 * type.Size()));
        if (Version == 1)
        {
            foreach (var (offset, value) in ((int, float)[])[(112, 1), (116, 0), (124, 0), (128, 0)])
                changed.SetSingle(offset, value);
        }
        else
        {
            foreach (var (offset, value) in ((int, double)[])[(176, 1), (184, 0), (192, 0), (200, 0)])
                changed.SetDouble(offset, value);
        }
        var field = changed._bytes.AsSpan(Version == 1 ? 148 : 240, DescriptionBytes);
        field.Clear();
        // Of a text that is too long, as many whole characters as fit before the final NUL.
        Utf8.FromUtf16(description, field[..^1], out _, out _);
        return changed;
    }

    /// <summary>The same header with samples that start at an offset.</summary>
    public NiftiFields WithDataOffset(long offset)
    {
        var changed = new NiftiFields([.. _bytes], BigEndian);
        if (Version == 1)
            changed.SetSingle(108, offset);
        else
            changed.Set64(168, offset);
        return changed;
    }

    /// <summary>A NIfTI-1 header of one volume, in the machine's byte order, whose affine is stored as the sform.</summary>
    /// <param name="shape">Cells along the three axes; at most 32,767 each.</param>
    /// <param name="affine">From cells to millimetres.</param>
    public static NiftiFields Volume(IReadOnlyList<int> shape, Affine affine)
    {
        var made = new NiftiFields(new byte[LengthOfFirst], !BitConverter.IsLittleEndian);
        made.Set32(0, LengthOfFirst);
        made.Set16(40, 3);
        made.SetSingle(76, 1);
        for (var axis = 0; axis < 7; axis++)
        {
            made.Set16(42 + (2 * axis), (short)(axis < 3 ? shape[axis] : 1));
            made.SetSingle(80 + (4 * axis), axis < 3 ? (float)affine.EdgeOf(axis) : 1);
        }
        made.SetSingle(108, LengthOfFirst + 4);
        made._bytes[123] = 2; // NIFTI_UNITS_MM
        made.Set16(254, 2); // NIFTI_XFORM_ALIGNED_ANAT, as nibabel sets it for a given affine
        for (var at = 0; at < 12; at++)
            made.SetSingle(280 + (4 * at), (float)affine.Rows[at]);
        "n+1"u8.CopyTo(made._bytes.AsSpan(344));
        return made;
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

    private void Set32(int at, int value)
    {
        if (BigEndian)
            BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(at), value);
        else
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(at), value);
    }

    private void Set64(int at, long value)
    {
        if (BigEndian)
            BinaryPrimitives.WriteInt64BigEndian(_bytes.AsSpan(at), value);
        else
            BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(at), value);
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
