using System.CommandLine;
using HpcFit.Shared.CommandLine;

namespace HpcFit.Coordinator.Options.Images;

/// <summary>Options of ModelArrayIO's converters that are accepted without effect, so that its command lines work unchanged.</summary>
internal static class ModelArrayIOOptions
{
    private const string Hdf5 = "hdf5";
    private const int MaxWorkers = 4096;

    /// <summary>
    /// <c>--backend hdf5</c>, what this program writes, and the numbers of TileDB's and S3's workers, which do not apply to it.
    /// </summary>
    public static IEnumerable<Option> Create() =>
        [
            Backend(),
            CountOption.Create("--workers", "ModelArrayIO's workers for TileDB; no effect: see --threads", 1, min: 0, max: MaxWorkers),
            ImageOptions.AddSpellings(
                CountOption.Create("--s3-workers", "ModelArrayIO's downloads; no effect", 1, min: 0, max: MaxWorkers)
            ),
        ];

    private static Option<string> Backend() =>
        new("--backend")
        {
            Description = "the storage: hdf5; tiledb is not written",
            HelpName = $"{Hdf5}|tiledb",
            DefaultValueFactory = _ => Hdf5,
            CustomParser = result =>
            {
                var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
                if (text != Hdf5)
                    result.AddError($"--backend is '{text}'; only {Hdf5} is written here. Omit the option.");
                return text;
            },
        };
}
