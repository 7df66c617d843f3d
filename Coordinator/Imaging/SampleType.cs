using System.Runtime.InteropServices;

namespace HpcFit.Coordinator.Imaging;

/// <summary>The types of number that an image file may hold.</summary>
internal enum SampleType
{
    UInt8,
    Int8,
    UInt16,
    Int16,
    UInt32,
    Int32,
    UInt64,
    Int64,
    Float16,
    Float32,
    Float64,
}

/// <inheritdoc cref="SampleType"/>
internal static class SampleTypes
{
    /// <summary>Bytes of one number.</summary>
    public static int Size(this SampleType type) => type switch
    {
        SampleType.UInt8 or SampleType.Int8 => 1,
        SampleType.UInt16 or SampleType.Int16 or SampleType.Float16 => 2,
        SampleType.UInt32 or SampleType.Int32 or SampleType.Float32 => 4,
        _ => 8,
    };

    /// <summary>
    /// Turns stored bytes into doubles; 64-bit integers beyond 2^53 go to the nearest one. <paramref name="raw"/> is overwritten where its byte
    /// order is not the machine's.
    /// </summary>
    public static void Decode(Span<byte> raw, SampleType type, bool bigEndian, Span<double> values)
    {
        if (bigEndian == BitConverter.IsLittleEndian) SwapBytes(raw, type.Size());
        switch (type)
        {
            case SampleType.UInt8: Widen<byte>(raw, values); break;
            case SampleType.Int8: Widen<sbyte>(raw, values); break;
            case SampleType.UInt16: Widen<ushort>(raw, values); break;
            case SampleType.Int16: Widen<short>(raw, values); break;
            case SampleType.UInt32: Widen<uint>(raw, values); break;
            case SampleType.Int32: Widen<int>(raw, values); break;
            case SampleType.UInt64: Widen<ulong>(raw, values); break;
            case SampleType.Int64: Widen<long>(raw, values); break;
            case SampleType.Float16: Widen<Half>(raw, values); break;
            case SampleType.Float32: Widen<float>(raw, values); break;
            default: MemoryMarshal.Cast<byte, double>(raw)[..values.Length].CopyTo(values); break;
        }
    }

    /// <summary>Reverses the bytes of every number.</summary>
    public static void SwapBytes(Span<byte> raw, int size)
    {
        switch (size)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, ushort>(raw);
                System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, uint>(raw);
                System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, ulong>(raw);
                System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            default:
                break;
        }
    }

    private static void Widen<T>(ReadOnlySpan<byte> raw, Span<double> values)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        var stored = MemoryMarshal.Cast<byte, T>(raw);
        for (var i = 0; i < values.Length; i++) values[i] = double.CreateTruncating(stored[i]);
    }
}
