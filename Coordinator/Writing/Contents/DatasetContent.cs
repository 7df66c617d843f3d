using System.Runtime.InteropServices;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>A dataset whose values are pulled region by region during the write, so that it may be larger than memory.</summary>
/// <param name="Path">Its absolute path.</param>
internal sealed record DatasetContent(string Path) : Content(Path)
{
    /// <summary>The type of its values.</summary>
    public required ElementType Type { get; init; }

    /// <summary>Its extents, C order; at least one.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>Extents of a chunk; empty: contiguous, without filters.</summary>
    public IReadOnlyList<long> Chunk { get; init; } = [];

    /// <summary>
    /// The filter pipeline in the order of writing: <see cref="ShuffleGzip"/>, or that of another dataset as given by
    /// <see cref="StoredLayout"/>. Shuffle, gzip and Fletcher-32 run on all threads; any other filter runs in the library, on one.
    /// </summary>
    public IReadOnlyList<StoredFilter> Filters { get; init; } = [];

    /// <summary>The source of its values.</summary>
    public required RegionSource Source { get; init; }

    /// <summary>Bytes of all values.</summary>
    public long Bytes => Layout.Bytes;

    /// <summary>Everything except its values.</summary>
    public DatasetLayout Layout => new(Path, Type, Shape, Chunk, Filters);

    /// <summary>Shuffle, then gzip of a level from 0 to 9.</summary>
    public static IReadOnlyList<StoredFilter> ShuffleGzip(uint level) =>
        [new(StoredFilter.Shuffle, "shuffle", []), new(StoredFilter.Deflate, "deflate", [level])];

    /// <summary>A list of names, fixed-length UTF-8.</summary>
    public static DatasetContent Texts(string path, IReadOnlyList<string> texts)
    {
        var type = ElementType.TextFor(texts);
        return Held(path, type, [texts.Count], type.Encode(texts));
    }

    /// <summary>A list of float64.</summary>
    public static DatasetContent Numbers(string path, IReadOnlyList<double> values) =>
        Held(path, ElementType.Float64, [values.Count], MemoryMarshal.AsBytes<double>(values.ToArray()).ToArray());

    /// <summary>A small dataset whose values are in memory; contiguous.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <param name="type">The type of its values.</param>
    /// <param name="shape">Its extents.</param>
    /// <param name="bytes">The values, little-endian, C order.</param>
    public static DatasetContent Held(string path, ElementType type, IReadOnlyList<long> shape, byte[] bytes)
    {
        var content = new DatasetContent(path)
        {
            Type = type,
            Shape = shape,
            Source = (region, destination) => Rectangle.Cut(bytes, shape, type.Size, region, destination),
        };
        return content.Bytes == bytes.Length
            ? content
            : throw new ArgumentException(
                $"'{path}' of shape {string.Join(" x ", shape)} needs {content.Bytes} bytes; {bytes.Length} were given.",
                nameof(bytes)
            );
    }
}
