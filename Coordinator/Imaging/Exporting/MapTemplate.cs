using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HpcFit.Coordinator.Imaging.Exporting.Places;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>
/// The parts that all maps of an export share: everything before the samples, and the positions of the elements among the samples.
/// </summary>
/// <param name="Head">The bytes before the samples of a map.</param>
/// <param name="Image">The samples.</param>
/// <param name="Grid">The elements.</param>
/// <param name="Ending">The file name extension without <c>.gz</c>.</param>
/// <param name="CanCompress">Whether the format supports <c>.gz</c>.</param>
internal sealed record MapTemplate(Func<MapLabel, byte[]> Head, ImageHeader Image, ElementGrid Grid, string Ending, bool CanCompress)
{
    private readonly SamplePicks _picks = SamplePicks.From(Grid, Image);

    /// <summary>The positions of the elements, for comparison with the data file.</summary>
    public required IElementPlaces Places { get; init; }

    /// <summary>Files that are copied to the maps' folder: an index and directions.</summary>
    public IReadOnlyList<string> Companions { get; init; } = [];

    /// <summary>The samples of a map: the elements' values at their positions.</summary>
    /// <param name="values">The values, by element.</param>
    /// <param name="type">The type of the samples: float32, or int16 for whole numbers.</param>
    /// <param name="background">The value of cells that are no element.</param>
    public byte[] Samples(ReadOnlySpan<double> values, SampleType type = SampleType.Float32, double background = 0)
    {
        var bytes = new byte[checked(Image.Samples * type.Size())];
        if (type == SampleType.Int16)
        {
            var samples = MemoryMarshal.Cast<byte, short>(bytes.AsSpan());
            samples.Fill((short)background);
            for (var i = 0; i < _picks.Samples.Length; i++)
                samples[_picks.Samples[i]] = (short)values[_picks.Elements[i]];
        }
        else
        {
            var samples = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
            samples.Fill((float)background);
            for (var i = 0; i < _picks.Samples.Length; i++)
                samples[_picks.Samples[i]] = (float)values[_picks.Elements[i]];
        }
        if (Image.BigEndian == BitConverter.IsLittleEndian)
            Reverse(bytes, type.Size());
        return bytes;
    }

    private static void Reverse(Span<byte> bytes, int size)
    {
        if (size == sizeof(short))
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(bytes), MemoryMarshal.Cast<byte, ushort>(bytes));
        else
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(bytes), MemoryMarshal.Cast<byte, uint>(bytes));
    }
}
