using System.Text;

namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>The kind of value that a dataset or attribute contains.</summary>
internal enum ElementKind
{
    /// <summary>IEEE 754 binary floating point, little-endian.</summary>
    FloatingPoint,

    /// <summary>Two's complement integer, little-endian.</summary>
    SignedInteger,

    /// <summary>Unsigned integer, little-endian.</summary>
    UnsignedInteger,

    /// <summary>
    /// UTF-8 of fixed length, padded with NULs: R, h5py and every other reader support it, and it needs no heap in the file.
    /// </summary>
    Text,
}

/// <summary>The stored type of one value.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Size">Bytes of one value.</param>
internal readonly record struct ElementType(ElementKind Kind, int Size)
{
    /// <summary>float64.</summary>
    public static readonly ElementType Float64 = new(ElementKind.FloatingPoint, 8);

    /// <summary>float32.</summary>
    public static readonly ElementType Float32 = new(ElementKind.FloatingPoint, 4);

    /// <summary>uint8.</summary>
    public static readonly ElementType UInt8 = new(ElementKind.UnsignedInteger, 1);

    /// <summary>int16, for codes.</summary>
    public static readonly ElementType Int16 = new(ElementKind.SignedInteger, 2);

    /// <summary>int32.</summary>
    public static readonly ElementType Int32 = new(ElementKind.SignedInteger, 4);

    /// <summary>int64.</summary>
    public static readonly ElementType Int64 = new(ElementKind.SignedInteger, 8);

    /// <summary>Texts of at most the given number of bytes of UTF-8.</summary>
    public static ElementType Text(int bytes) => new(ElementKind.Text, Math.Max(1, bytes));

    /// <summary>The smallest type for all of the texts.</summary>
    public static ElementType TextFor(IEnumerable<string> texts) => Text(texts.Select(Encoding.UTF8.GetByteCount).DefaultIfEmpty(1).Max());

    /// <summary>Texts as stored in this type, one after the other.</summary>
    public byte[] Encode(IReadOnlyList<string> texts)
    {
        var bytes = new byte[checked(Size * texts.Count)];
        for (var i = 0; i < texts.Count; i++)
            Encoding.UTF8.GetBytes(texts[i], bytes.AsSpan(i * Size, Size));
        return bytes;
    }
}
