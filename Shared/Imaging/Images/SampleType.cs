using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HpcFit.Shared.Imaging.Images;

/// <summary>The types of numbers in image files.</summary>
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
    /// <summary>Bytes per number.</summary>
    public static int Size(this SampleType type) =>
        type switch
        {
            SampleType.UInt8 or SampleType.Int8 => 1,
            SampleType.UInt16 or SampleType.Int16 or SampleType.Float16 => 2,
            SampleType.UInt32 or SampleType.Int32 or SampleType.Float32 => 4,
            _ => 8,
        };

    /// <summary>Whether numbers are floating point.</summary>
    public static bool IsFloatingPoint(this SampleType type) => type is SampleType.Float16 or SampleType.Float32 or SampleType.Float64;

    /// <summary>Extracts single numbers from stored ones as doubles; 64-bit integers beyond 2^53 are rounded to the nearest.</summary>
    /// <param name="raw">Consecutive stored numbers, in the machine's byte order.</param>
    /// <param name="type">Their type.</param>
    /// <param name="samples">The samples to extract.</param>
    /// <param name="first">The number of the first sample in <paramref name="raw"/>.</param>
    /// <param name="elements">The element of each sample.</param>
    /// <param name="row">Receives the values, by element.</param>
    public static void Pick(
        ReadOnlySpan<byte> raw,
        SampleType type,
        ReadOnlySpan<int> samples,
        long first,
        ReadOnlySpan<int> elements,
        Span<double> row
    )
    {
        switch (type)
        {
            case SampleType.UInt8:
                Pick<byte>(raw, samples, first, elements, row);
                break;
            case SampleType.Int8:
                Pick<sbyte>(raw, samples, first, elements, row);
                break;
            case SampleType.UInt16:
                Pick<ushort>(raw, samples, first, elements, row);
                break;
            case SampleType.Int16:
                Pick<short>(raw, samples, first, elements, row);
                break;
            case SampleType.UInt32:
                Pick<uint>(raw, samples, first, elements, row);
                break;
            case SampleType.Int32:
                Pick<int>(raw, samples, first, elements, row);
                break;
            case SampleType.UInt64:
                Pick<ulong>(raw, samples, first, elements, row);
                break;
            case SampleType.Int64:
                Pick<long>(raw, samples, first, elements, row);
                break;
            case SampleType.Float16:
                Pick<Half>(raw, samples, first, elements, row);
                break;
            case SampleType.Float32:
                Pick<float>(raw, samples, first, elements, row);
                break;
            default:
                Pick<double>(raw, samples, first, elements, row);
                break;
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

    /// <summary>Fully optimised at the first call: otherwise the first files would be read by code that boxes every number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pick<T>(ReadOnlySpan<byte> raw, ReadOnlySpan<int> samples, long first, ReadOnlySpan<int> elements, Span<double> row)
        where T : unmanaged, INumberBase<T>
    {
        var stored = MemoryMarshal.Cast<byte, T>(raw);
        for (var i = 0; i < samples.Length; i++)
            row[elements[i]] = double.CreateTruncating(stored[samples[i] - (int)first]);
    }
}
