using System.CommandLine;
using System.Globalization;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>The options of spatial enhancement, which need permutations. Options of another enhancement are refused by name.</summary>
internal sealed class EnhancementOptions
{
    private const string None = "none";
    private const string DefaultForm = "exact";
    private const string DefaultStatistic = "extent";
    private const int DefaultNeighbours = 6;
    private const double DefaultThreshold = 3.1;
    private const long MinBatchMemory = 1L << 20;

    private readonly Option<string?> _enhance = ChoiceOption.Optional(
        "--enhance",
        "enhance the maps of all permutations: tfce (voxels), cfe (fixels with --cfe), cluster (voxels) or none (default: none)",
        None,
        EnhancementSpec.Tfce,
        EnhancementSpec.Cfe,
        EnhancementSpec.Cluster
    );
    private readonly Option<string?> _tfceLike = ChoiceOption.Optional(
        "--tfce-like",
        "evaluate TFCE as exact, mrtrix, fsl, palm or nilearn does (default: exact)",
        DefaultForm,
        "mrtrix",
        "fsl",
        "palm",
        EnhancementSpec.Nilearn
    );
    private readonly Option<string?> _neighbours = ChoiceOption.Optional(
        "--neighbours",
        "neighbours of a voxel for TFCE and clusters: 6, 18 or 26 (default: 6)",
        "6",
        "18",
        "26"
    );
    private readonly Option<string?> _cfe = TextOption.Optional(
        "--cfe",
        TextOption.Folder,
        "the fixels' connectivity, a folder that MRtrix's fixelconnectivity made, for --enhance cfe"
    );
    private readonly Option<double?> _clusterZ = NumberOption.Optional(
        "--cluster-z",
        "clusters consist of elements whose statistic is above this (default: 3.1)"
    );
    private readonly Option<string?> _clusterStat = ChoiceOption.Optional(
        "--cluster-stat",
        "the statistic of a cluster: extent or mass (default: extent)",
        DefaultStatistic,
        "mass"
    );
    private readonly Option<string?> _batchMemory = TextOption.Optional(
        "--batch-memory",
        "SIZE",
        "memory for the maps that a job enhances at once (default: 768MB)",
        text => ByteCount(text)
    );

    private readonly Option<string?> _surface = TextOption.Optional(
        StructureSurfaces.Option,
        StructureSurfaces.Placeholder,
        "GIfTI surfaces along which the vertices of greyordinates are adjacent, for TFCE and clusters",
        text => StructureSurfaces.Parse(text)
    );

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> Options => [_enhance, _tfceLike, _neighbours, _surface, _cfe, _clusterZ, _clusterStat, _batchMemory];

    /// <summary>The enhancement; null: none.</summary>
    /// <exception cref="UsageException">An option belongs to another enhancement, or one is missing.</exception>
    public EnhancementSpec? Read(ParseResult line)
    {
        var chosen = line.GetValue(_enhance) ?? None;
        RefuseForeign(line, chosen);
        return chosen switch
        {
            EnhancementSpec.Tfce => new()
            {
                Enhance = chosen,
                TfceLike = line.GetValue(_tfceLike) ?? DefaultForm,
                Neighbours = Neighbours(line),
                Surfaces = Surfaces(line),
            },
            EnhancementSpec.Cluster => new()
            {
                Enhance = chosen,
                Neighbours = Neighbours(line),
                Surfaces = Surfaces(line),
                ClusterZ = Threshold(line),
                ClusterStat = line.GetValue(_clusterStat) ?? DefaultStatistic,
            },
            EnhancementSpec.Cfe => new() { Enhance = chosen, Connectivity = Connectivity(line) },
            _ => null,
        };
    }

    /// <summary>Memory for the maps of a batch; null: the default.</summary>
    public long? BatchMemory(ParseResult line) => line.GetValue(_batchMemory) is { } text ? ByteCount(text) : null;

    private int Neighbours(ParseResult line) =>
        line.GetValue(_neighbours) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultNeighbours;

    private Dictionary<string, string>? Surfaces(ParseResult line) =>
        StructureSurfaces.Parse(line.GetValue(_surface)) is { Count: > 0 } files
            ? files.ToDictionary(pair => pair.Key, pair => PermutationOptions.ExistingFile(_surface.Name, pair.Value))
            : null;

    private double Threshold(ParseResult line) =>
        (line.GetValue(_clusterZ) ?? DefaultThreshold) is var threshold && threshold > 0 && double.IsFinite(threshold)
            ? threshold
            : throw new UsageException($"{_clusterZ.Name} is {threshold}; a number above 0 was expected.");

    private string Connectivity(ParseResult line)
    {
        var folder =
            line.GetValue(_cfe)
            ?? throw new UsageException(
                $"{_enhance.Name} {EnhancementSpec.Cfe} needs the connectivity of the fixels: {_cfe.Name} FOLDER, as MRtrix's "
                    + "fixelconnectivity makes it."
            );
        return Directory.Exists(folder)
            ? RealPath.Resolve(folder)
            : throw new BadInputException(
                $"'{folder}' is no folder; {_cfe.Name} needs one with index.mif, fixels.mif and values.mif, as MRtrix's "
                    + "fixelconnectivity makes it."
            );
    }

    private void RefuseForeign(ParseResult line, string chosen)
    {
        (Option Option, string[] Of)[] owners =
        [
            (_tfceLike, [EnhancementSpec.Tfce]),
            (_neighbours, [EnhancementSpec.Tfce, EnhancementSpec.Cluster]),
            (_surface, [EnhancementSpec.Tfce, EnhancementSpec.Cluster]),
            (_cfe, [EnhancementSpec.Cfe]),
            (_clusterZ, [EnhancementSpec.Cluster]),
            (_clusterStat, [EnhancementSpec.Cluster]),
            (_batchMemory, [EnhancementSpec.Tfce, EnhancementSpec.Cluster, EnhancementSpec.Cfe]),
        ];
        foreach (var (option, of) in owners)
        {
            if (line.GetResult(option) is { Implicit: false } && !of.Contains(chosen, StringComparer.Ordinal))
                throw new UsageException(
                    $"{option.Name} belongs to {_enhance.Name} {string.Join(" and ", of)}; "
                        + (chosen == None ? $"there is no {_enhance.Name}." : $"this is {_enhance.Name} {chosen}.")
                        + " Omit it, or change the enhancement."
                );
        }
    }

    private static long ByteCount(string text)
    {
        var bytes = ByteCountText.Parse("--batch-memory", text);
        return bytes >= MinBatchMemory
            ? bytes
            : throw new UsageException($"--batch-memory is '{text}'; at least {ByteCountText.Format(MinBatchMemory)} was expected.");
    }
}
