using System.CommandLine;
using System.Globalization;
using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Coordinator.Writing;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary>How scalars are stored, under ModelArrayIO's option names.</summary>
internal sealed class StorageOptions
{
    private const int DefaultLevel = 4;
    private const double DefaultChunkMB = 2;

    private readonly Option<string?> _type = ImageOptions.Text("--dtype", "float32 or float64 (convert: float32; rechunk: as it is)");
    private readonly Option<string> _compression = new("--compression") { Description = $"{string.Join(", ", Compression.Names)}; the last two where HDF5 "
        + "has the plugin (default: gzip)", DefaultValueFactory = _ => "gzip" };
    private readonly Option<int> _level = new("--compression-level", ImageOptions.Spellings("--compression-level"))
    {
        Description = $"gzip 0 to 9, zstd 1 to 22 (default: {DefaultLevel})",
        DefaultValueFactory = _ => DefaultLevel,
    };
    private readonly Option<bool> _noShuffle = new("--no-shuffle") { Description = "do not put bytes of equal significance side by side before compressing" };
    private readonly Option<int> _chunk = new("--chunk-voxels", ImageOptions.Spellings("--chunk-voxels")) { Description = "elements of a chunk, which spans "
        + "all subjects; 0: by size (default)" };
    private readonly Option<double> _chunkMB = new("--target-chunk-mb", ImageOptions.Spellings("--target-chunk-mb", "--chunkmb"))
    {
        Description = $"size of a chunk in MiB (default: {DefaultChunkMB})",
        DefaultValueFactory = _ => DefaultChunkMB,
    };

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> Options => [_type, _compression, _level, _noShuffle, _chunk, _chunkMB];

    /// <summary>What the options say.</summary>
    /// <param name="line">The command line.</param>
    /// <exception cref="UsageException">A value is none.</exception>
    public ScalarStorage Read(ParseResult line)
    {
        var (chunk, megabytes) = (line.GetValue(_chunk), line.GetValue(_chunkMB));
        if (chunk < 0) throw new UsageException($"{_chunk.Name} is {chunk}; a number of elements was expected, or 0 for a chunk of {_chunkMB.Name}.");
        if (!(megabytes > 0 && megabytes <= 4095)) throw new UsageException($"{_chunkMB.Name} is {megabytes.ToString(CultureInfo.InvariantCulture)}; a size "
            + "above 0 and below 4096 MiB was expected.");
        return new()
        {
            Type = Type(line) ?? ElementType.Float32,
            Filters = Compression.Filters(line.GetValue(_compression)!, line.GetValue(_level), !line.GetValue(_noShuffle)),
            ChunkElements = chunk > 0 ? chunk : null,
            TargetChunkBytes = megabytes * (1 << 20),
        };
    }

    /// <summary>The type that was chosen; null: none.</summary>
    /// <exception cref="UsageException">The value is none.</exception>
    public ElementType? Type(ParseResult line) => line.GetValue(_type) switch
    {
        null => null,
        "float32" => ElementType.Float32,
        "float64" => ElementType.Float64,
        var other => throw new UsageException($"{_type.Name} is '{other}'. {NearestNames.Hint(other, ["float32", "float64"])}"),
    };
}
