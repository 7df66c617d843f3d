using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HpcFit.Coordinator.Imaging.Exporting.Places;
using HpcFit.Coordinator.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>
/// The parts that all maps of an export share: everything before the samples, and the positions of the elements among the samples.
/// </summary>
/// <param name="Head">The bytes before the samples.</param>
/// <param name="Image">The samples: float32.</param>
/// <param name="Grid">The elements.</param>
/// <param name="Ending">The file name extension without <c>.gz</c>.</param>
/// <param name="CanCompress">Whether the format supports <c>.gz</c>.</param>
internal sealed record MapTemplate(byte[] Head, ImageHeader Image, ElementGrid Grid, string Ending, bool CanCompress)
{
    private readonly SamplePicks _picks = SamplePicks.From(Grid, Image);

    /// <summary>The positions of the elements, for comparison with the data file.</summary>
    public required IElementPlaces Places { get; init; }

    /// <summary>Files that are copied to the maps' folder: an index and directions.</summary>
    public IReadOnlyList<string> Companions { get; init; } = [];

    /// <summary>The samples of a map: the elements' values at their positions, 0 elsewhere.</summary>
    public byte[] Samples(ReadOnlySpan<double> values)
    {
        var bytes = new byte[checked(Image.Samples * sizeof(float))];
        var samples = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        for (var i = 0; i < _picks.Samples.Length; i++)
            samples[(int)_picks.Samples[i]] = (float)values[_picks.Elements[i]];
        if (Image.BigEndian == BitConverter.IsLittleEndian)
        {
            var bits = MemoryMarshal.Cast<byte, uint>(bytes.AsSpan());
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }
        return bytes;
    }
}
