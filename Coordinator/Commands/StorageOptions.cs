using System.CommandLine;
using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary>How scalars are stored, under ModelArrayIO's option names.</summary>
internal sealed class StorageOptions
{
    private const int DefaultLevel = 4;
    private const double DefaultChunkMB = 2;

    private readonly Option<string?> _type = ChoiceOption.Optional(
        "--dtype",
        "float32 or float64 (convert: float32; rechunk: as it is)",
        "float32",
        "float64"
    );
    private readonly Option<string> _compression = ChoiceOption.Create(
        "--compression",
        $"{string.Join(", ", Compression.Names)}; the last two where HDF5 has the plugin (default: gzip)",
        "gzip",
        [.. Compression.Names]
    );
    private readonly Option<int> _level = ImageOptions.Spelt(
        CountOption.Create("--compression-level", "gzip 0 to 9, zstd 1 to 22", DefaultLevel, min: 0, max: 22)
    );
    private readonly Option<bool> _noShuffle = SwitchOption.Create(
        "--no-shuffle",
        "do not put bytes of equal significance side by side before compressing"
    );
    private readonly Option<int> _chunk = ImageOptions.Spelt(
        CountOption.Create("--chunk-voxels", "elements of a chunk, which spans all subjects; 0: by size", 0, min: 0)
    );
    private readonly Option<double> _chunkMB = NumberOption.Create(
        "--target-chunk-mb",
        $"size of a chunk in MiB (default: {DefaultChunkMB})",
        DefaultChunkMB,
        size => size is > 0 and <= 4095,
        "a size above 0 and below 4096 MiB",
        ImageOptions.Spellings("--target-chunk-mb", "--chunkmb")
    );

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> Options => [_type, _compression, _level, _noShuffle, _chunk, _chunkMB];

    /// <summary>What the options say.</summary>
    /// <param name="line">The command line.</param>
    /// <exception cref="UsageException">A value is none.</exception>
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

    /// <summary>The type that was chosen; null: none.</summary>
    public ElementType? Type(ParseResult line) =>
        line.GetValue(_type) switch
        {
            null => null,
            "float64" => ElementType.Float64,
            _ => ElementType.Float32,
        };
}
