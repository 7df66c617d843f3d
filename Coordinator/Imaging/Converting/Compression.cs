using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>Maps the name of a compression to HDF5's filters, refusing those that this site's library does not support.</summary>
internal static class Compression
{
    private const int Lzf = 32000;
    private const int Zstd = 32015;

    /// <summary>The names.</summary>
    public static readonly IReadOnlyList<string> Names = ["gzip", "none", "lzf", "zstd"];

    /// <summary>The filter pipeline.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="level">0 to 9 (gzip), 1 to 22 (zstd); ignored for the others.</param>
    /// <param name="shuffle">Whether bytes of equal significance are grouped before compression.</param>
    /// <exception cref="BadInputException">The site's HDF5 does not have the filter.</exception>
    /// <exception cref="UsageException">The name or the level is invalid.</exception>
    public static IReadOnlyList<StoredFilter> Filters(string name, int level, bool shuffle)
    {
        StoredFilter? packed = name switch
        {
            "none" => null,
            "gzip" => new(StoredFilter.Deflate, "deflate", [Level(level, 0, 9)]),
            "lzf" => Available(new(Lzf, "lzf", []), "lzf"),
            "zstd" => Available(new(Zstd, "zstd", [Level(level, 1, 22)]), "zstd"),
            _ => throw new UsageException($"--compression is '{name}'. {NearestNames.Hint(name, Names)}"),
        };
        if (packed is null)
            return [];
        return shuffle ? [new(StoredFilter.Shuffle, "shuffle", []), packed] : [packed];
    }

    private static uint Level(int level, int least, int most) =>
        level >= least && level <= most
            ? (uint)level
            : throw new UsageException($"--compression-level is {level}; a number from {least} to {most} was " + "expected.");

    private static StoredFilter Available(StoredFilter filter, string name) =>
        H5Z.filter_avail(filter.Id) > 0
            ? filter
            : throw new BadInputException(
                $"--compression {name} needs HDF5's filter plugin {filter.Id}, which the library of this site ({Hdf5Library.Path}) "
                    + "does not find. "
                    + "Install it and set HDF5_PLUGIN_PATH to its folder (conda: hdf5plugin or hdf5-external-filter-plugins), or use "
                    + "--compression gzip. Readers of "
                    + "the file need the plugin too."
            );
}
