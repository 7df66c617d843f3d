using System.Buffers.Binary;

namespace HpcFit.Shared.Surfaces;

/// <summary>A type of stored numbers: its size in bytes, and how one is read.</summary>
internal sealed class GiftiType
{
    private const string Float32 = "NIFTI_TYPE_FLOAT32";

    private static readonly Dictionary<string, GiftiType> Known = new(StringComparer.Ordinal)
    {
        ["NIFTI_TYPE_UINT8"] = new(1, (bytes, _) => bytes[0]),
        ["NIFTI_TYPE_INT8"] = new(1, (bytes, _) => (sbyte)bytes[0]),
        ["NIFTI_TYPE_INT16"] = new(
            2,
            (bytes, isBig) => isBig ? BinaryPrimitives.ReadInt16BigEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes)
        ),
        ["NIFTI_TYPE_UINT16"] = new(
            2,
            (bytes, isBig) => isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes)
        ),
        ["NIFTI_TYPE_INT32"] = new(
            4,
            (bytes, isBig) => isBig ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes)
        ),
        ["NIFTI_TYPE_UINT32"] = new(
            4,
            (bytes, isBig) => isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes)
        ),
        ["NIFTI_TYPE_INT64"] = new(
            8,
            (bytes, isBig) => isBig ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes)
        ),
        ["NIFTI_TYPE_UINT64"] = new(
            8,
            (bytes, isBig) => isBig ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes)
        ),
        [Float32] = new(
            4,
            (bytes, isBig) => isBig ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes)
        ),
        ["NIFTI_TYPE_FLOAT64"] = new(
            8,
            (bytes, isBig) => isBig ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes)
        ),
    };

    private readonly ReadOne _read;

    private GiftiType(int size, ReadOne read) => (Size, _read) = (size, read);

    private delegate double ReadOne(ReadOnlySpan<byte> bytes, bool isBigEndian);

    /// <summary>The names of all types.</summary>
    public static IEnumerable<string> Names => Known.Keys;

    /// <summary>The size of a number in bytes.</summary>
    public int Size { get; }

    /// <summary>The type of a name; null: there is none.</summary>
    public static GiftiType? TryFind(string name) => Known.GetValueOrDefault(name);

    /// <summary>A number that was written as text with the precision of the type.</summary>
    public double Rounded(double value) => this == Known[Float32] ? (float)value : value;

    /// <summary>Numbers from their bytes.</summary>
    public double[] Decode(ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        var values = new double[bytes.Length / Size];
        for (var at = 0; at < values.Length; at++)
            values[at] = _read(bytes.Slice(at * Size, Size), isBigEndian);
        return values;
    }
}
