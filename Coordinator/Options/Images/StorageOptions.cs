using System.CommandLine;
using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Options.Images;

/// <summary>The storage of scalars, with ModelArrayIO's option names.</summary>
/// <param name="chunkMB">The default size of a chunk in MiB.</param>
internal sealed class StorageOptions(double chunkMB = StorageOptions.DefaultChunkMB)
{
    /// <summary>The default size of a chunk in MiB, as in ModelArrayIO.</summary>
    public const double DefaultChunkMB = 2;

    private const int DefaultLevel = 4;

    private readonly Option<string?> _type = ChoiceOption.Optional(
        "--dtype",
        "float32 or float64 (convert: float32; rechunk: unchanged)",
        "float32",
        "float64"
    );
    private readonly Option<string> _compression = ChoiceOption.Create(
        "--compression",
        $"{string.Join(", ", Compression.Names)}; the last two need a plugin of HDF5 (default: gzip)",
        "gzip",
        [.. Compression.Names]
    );
    private readonly Option<int> _level = ImageOptions.AddSpellings(
        CountOption.Create("--compression-level", "gzip 0 to 9, zstd 1 to 22", DefaultLevel, min: 0, max: 22)
    );
    private readonly Option<bool> _noShuffle = SwitchOption.Create(
        "--no-shuffle",
        "do not group bytes of equal significance before compressing"
    );
    private readonly Option<int> _chunk = ImageOptions.AddSpellings(
        CountOption.Create("--chunk-voxels", "elements per chunk, which contains all subjects; 0: by size", 0, min: 0)
    );
    private readonly Option<double> _chunkMB = NumberOption.Create(
        "--target-chunk-mb",
        $"size of a chunk in MiB (default: {chunkMB})",
        chunkMB,
        size => size is > 0 and <= 4095,
        "a size above 0 and below 4096 MiB",
        ImageOptions.Spellings("--target-chunk-mb", "--chunkmb")
    );

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> Options => [_type, _compression, _level, _noShuffle, _chunk, _chunkMB];

    /// <summary>The values of the options.</summary>
    /// <param name="line">The command line.</param>
    /// <exception cref="UsageException">A value is malformed.</exception>
    public ScalarStorage Read(ParseResult line)
    {
        var (chunk, megabytes) = (line.GetValue(_chunk), line.GetValue(_chunkMB));
        return new()
        {
            Type = Type(line) ?? ElementType.Float32,
            Filters = Compression.Filters(line.GetValue(_compression)!, line.GetValue(_level), !line.GetValue(_noShuffle)),
            ChunkElements = chunk > 0 ? chunk : null,
            TargetChunkBytes = megabytes * (1 << 20),
        };
    }

    /// <summary>The selected type; null: none.</summary>
    public ElementType? Type(ParseResult line) =>
        line.GetValue(_type) switch
        {
            null => null,
            "float64" => ElementType.Float64,
            _ => ElementType.Float32,
        };
}
