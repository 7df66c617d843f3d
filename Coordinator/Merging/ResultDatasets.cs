using System.Runtime.InteropServices;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Merging;

/// <summary>Gives the values of a result column, one per element; valid until the next call.</summary>
internal delegate ReadOnlySpan<double> ResultColumnSource(int column);

/// <summary>The datasets that every analysis has: docs/formats/results.md.</summary>
internal static class ResultDatasets
{
    /// <summary>Values per chunk: 1 MB of doubles.</summary>
    public const long ValuesPerChunk = 131_072;

    /// <summary>Doubles of results hardly compress; a higher level costs time without a benefit.</summary>
    public const uint GzipLevel = 1;

    /// <summary>The results matrix, columns × elements.</summary>
    public static DatasetContent Matrix(string path, long columns, long rows, ResultColumnSource read) =>
        new(path)
        {
            Type = ElementType.Float64,
            Shape = [columns, rows],
            Chunk = [1, Math.Clamp(rows, 1, ValuesPerChunk)],
            Filters = DatasetContent.ShuffleGzip(GzipLevel),
            Source = (region, destination) =>
                read((int)region.Origin[0])
                    .Slice((int)region.Origin[1], (int)region.Extent[1])
                    .CopyTo(MemoryMarshal.Cast<byte, double>(destination)),
        };

    /// <summary>The statuses of the elements.</summary>
    public static DatasetContent Status(string path, long rows, Func<ElementStatus[]> read)
    {
        var codes = new Lazy<short[]>(() => Array.ConvertAll(read(), code => (short)code));
        return new(path)
        {
            Type = ElementType.Int16, // R reads unsigned bytes as raw data
            Shape = [rows],
            Chunk = [Math.Clamp(rows, 1, 4 * ValuesPerChunk)],
            Filters = DatasetContent.ShuffleGzip(GzipLevel),
            Source = (region, destination) =>
                MemoryMarshal.AsBytes<short>(codes.Value.AsSpan((int)region.Origin[0], (int)region.Extent[0])).CopyTo(destination),
            Attributes =
            [
                AttributeContent.Text("codes", string.Join(", ", Enum.GetValues<ElementStatus>().Select(code => $"{(int)code} {code}"))),
            ],
        };
    }
}
