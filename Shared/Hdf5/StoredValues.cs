using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Converts stored bytes to float32 or float64 values. 64-bit integers beyond 2^53 are rounded to the nearest double, as R's are.
/// </summary>
internal static class StoredValues
{
    /// <summary>Whether the stored bytes need no conversion.</summary>
    public static bool AreInPlace(StoredType type) => type.Kind == StoredKind.FloatingPoint && !type.BigEndian;

    /// <summary>Converts float32 values of either byte order.</summary>
    public static void ToSingles(ReadOnlySpan<byte> stored, StoredType type, Span<float> values)
    {
        var bits = MemoryMarshal.Cast<float, uint>(values);
        MemoryMarshal.Cast<byte, uint>(stored)[..values.Length].CopyTo(bits);
        if (type.BigEndian)
            BinaryPrimitives.ReverseEndianness(bits, bits);
    }

    /// <summary>Converts all other types to float64.</summary>
    public static void ToDoubles(ReadOnlySpan<byte> stored, StoredType type, Span<double> values)
    {
        switch (type.Kind, type.Size)
        {
            case (StoredKind.FloatingPoint, 8):
                var bits = MemoryMarshal.Cast<double, ulong>(values);
                MemoryMarshal.Cast<byte, ulong>(stored)[..values.Length].CopyTo(bits);
                if (type.BigEndian)
                    BinaryPrimitives.ReverseEndianness(bits, bits);
                break;
            case (StoredKind.SignedInteger, 1):
                for (var i = 0; i < values.Length; i++)
                    values[i] = (sbyte)stored[i];
                break;
            case (StoredKind.UnsignedInteger, 1):
                for (var i = 0; i < values.Length; i++)
                    values[i] = stored[i];
                break;
            case (StoredKind.SignedInteger, 2):
                var shorts = MemoryMarshal.Cast<byte, short>(stored);
                for (var i = 0; i < values.Length; i++)
                    values[i] = type.BigEndian ? BinaryPrimitives.ReverseEndianness(shorts[i]) : shorts[i];
                break;
            case (StoredKind.UnsignedInteger, 2):
                var unsignedShorts = MemoryMarshal.Cast<byte, ushort>(stored);
                for (var i = 0; i < values.Length; i++)
                    values[i] = type.BigEndian ? BinaryPrimitives.ReverseEndianness(unsignedShorts[i]) : unsignedShorts[i];
                break;
            case (StoredKind.SignedInteger, 4):
                var ints = MemoryMarshal.Cast<byte, int>(stored);
                for (var i = 0; i < values.Length; i++)
                    values[i] = type.BigEndian ? BinaryPrimitives.ReverseEndianness(ints[i]) : ints[i];
                break;
            case (StoredKind.UnsignedInteger, 4):
                var unsignedInts = MemoryMarshal.Cast<byte, uint>(stored);
                for (var i = 0; i < values.Length; i++)
                    values[i] = type.BigEndian ? BinaryPrimitives.ReverseEndianness(unsignedInts[i]) : unsignedInts[i];
                break;
            case (StoredKind.SignedInteger, 8):
                var longs = MemoryMarshal.Cast<byte, long>(stored);
                for (var i = 0; i < values.Length; i++)
                    values[i] = type.BigEndian ? BinaryPrimitives.ReverseEndianness(longs[i]) : longs[i];
                break;
            case (StoredKind.UnsignedInteger, 8):
                var unsignedLongs = MemoryMarshal.Cast<byte, ulong>(stored);
                for (var i = 0; i < values.Length; i++)
                    values[i] = type.BigEndian ? BinaryPrimitives.ReverseEndianness(unsignedLongs[i]) : unsignedLongs[i];
                break;
            default:
                throw new ArgumentException($"{type} is not converted here; the library reads it.", nameof(type));
        }
    }
}
