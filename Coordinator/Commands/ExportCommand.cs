using System.CommandLine;
using HpcFit.Coordinator.Imaging.Exporting;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Images;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// <c>hpcfit export</c>: converts an analysis to images. ModelArrayIO's option names are accepted too, and its <c>export-results</c> and
/// older verbs, whose <c>--relative-root</c> applies to every path.
/// </summary>
internal static class ExportCommand
{
    private static readonly Dictionary<string, Background> Backgrounds = new()
    {
        ["auto"] = Background.Auto,
        ["0"] = Background.Zero,
        ["1"] = Background.One,
        ["nan"] = Background.NaN,
    };

    private static readonly Dictionary<string, MapNames> Names = new()
    {
        ["modelarray"] = MapNames.ModelArray,
        ["mrtrix"] = MapNames.MRtrix,
        ["fsl"] = MapNames.Fsl,
    };

    private const string Compressed = ".nii.gz";

    /// <summary>Creates all verbs.</summary>
    public static IEnumerable<Command> CreateAll()
    {
        yield return Create(new("export", "Convert an analysis, or one subject of a scalar, to NIfTI, MRtrix or CIFTI images"));
        yield return Create(new("export-results", "Like ModelArrayIO's export-results: export, with its options") { NeedsAnalysis = true });
        yield return Create(
            new("fixelstats_write", "Like ModelArrayIO's fixelstats_write: export an analysis of fixels as .mif")
            {
                IsOlder = true,
                Compresses = false,
            }
        );
        yield return Create(
            new("volumestats_write", "Like ModelArrayIO's volumestats_write: export an analysis of voxels")
            {
                IsOlder = true,
                HasExtension = true,
            }
        );
        yield return Create(
            new("ciftistats_write", "Like ModelArrayIO's ciftistats_write: export an analysis of greyordinates") { IsOlder = true }
        );
    }

    /// <summary>A verb that exports.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Description">What it does.</param>
    private sealed record Verb(string Name, string Description)
    {
        /// <summary>Whether <c>--analysis</c> must be given: the verb exports nothing else.</summary>
        public bool NeedsAnalysis { get; init; }

        /// <summary>Whether relative paths on the command line start at <c>--relative-root</c>.</summary>
        public bool IsOlder { get; init; }

        /// <summary>Whether maps are compressed by default.</summary>
        public bool Compresses { get; init; } = true;

        /// <summary>Whether it has ModelArrayIO's <c>--output-ext</c>.</summary>
        public bool HasExtension { get; init; }
    }

    private static Command Create(Verb verb)
    {
        var data = ImageOptions.Required("--data", TextOption.File, "the HDF5 file with the analysis", "--input-hdf5");
        var outputFolder = ImageOptions.Required("--output-dir", TextOption.Folder, "the folder for the maps");
        var analysis = ImageOptions.Text(
            "--analysis",
            TextOption.Name,
            "the analysis: one map per result, ANALYSIS_RESULT, and 1-p and -log10(p) of p-values",
            "--analysis-name"
        );
        analysis.Required = verb.NeedsAnalysis;
        var columns = ColumnsOption.Create("only these results: Age.estimate,Age.p.value,element_status; may be repeated (default: all)");
        var scalar = ImageOptions.Text("--scalar", TextOption.Name, "instead of an analysis: one subject of this scalar");
        var columnIndex = CountOption.Optional("--column-index", "the subject of the scalar, counted from 0 as in ModelArrayIO", min: 0);
        var sourceFile = ImageOptions.Text("--source-file", TextOption.Name, "or the subject by its source name");
        var mask = ImageOptions.Text(
            "--mask",
            TextOption.File,
            "voxels: the group mask (default: the positions that the file stores)",
            "--group-mask-file"
        );
        var index = ImageOptions.Text("--index-file", TextOption.File, "fixels: the fixel folder's index image");
        var directions = ImageOptions.Text("--directions-file", TextOption.File, "fixels: the fixel folder's directions image");
        var example = ImageOptions.Text(
            "--example-file",
            TextOption.File,
            "CIFTI, fixels: an image whose header the maps get",
            "--example-cifti"
        );
        var cohort = ImageOptions.Text("--cohort-file", TextOption.File, "or a cohort whose first source_file is the example", "--cohort");
        var root = ImageOptions.RelativeRoot();
        var noCompress = SwitchOption.Create("--no-compress", "write .nii and .mif instead of .nii.gz and .mif.gz");
        var threshold = TextOption.Optional(
            "--threshold",
            "CONDITION",
            "show only elements where this is true, such as 'abs(Age.statistic) >= 3'; the others have the background's value"
        );
        var background = ChoiceOption.Create(
            "--background",
            "the value outside the mask: 1 in maps of p-values and 0 in others (auto), or one value in all maps (default: auto)",
            "auto",
            [.. Backgrounds.Keys]
        );
        var names = ChoiceOption.Create(
            "--names",
            "name maps of permuted hypotheses, and show 1-p, as modelarray, MRtrix (mrtrix) or randomise (fsl) (default: modelarray)",
            "modelarray",
            [.. Names.Keys]
        );
        var external = ExternalOption.Create();
        var overwrite = SwitchOption.Create("--overwrite", "replace existing maps");
        var threads = ImageOptions.Threads();
        var logLevel = LogLevelOption.Create(hasLogFile: false);
        var extension = ChoiceOption.Create("--output-ext", $"the kind of file (default: {Compressed})", Compressed, Compressed, ".nii");
        extension.Aliases.Add("--output_ext");

        var command = new Command(verb.Name, verb.Description);
        Option[] options =
        [
            data,
            analysis,
            columns,
            scalar,
            columnIndex,
            sourceFile,
            outputFolder,
            mask,
            index,
            directions,
            example,
            cohort,
            root,
            threshold,
            background,
            names,
            noCompress,
            overwrite,
            external,
            threads,
            logLevel,
            .. verb.HasExtension ? (Option[])[extension] : [],
        ];
        foreach (var option in options)
            command.Options.Add(option);
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (services, token) =>
                {
                    using var watch = MetadataTimeoutOption.Watch(line, token);
                    var folder = Path.GetFullPath(line.GetValue(root) ?? ".");
                    string? Own(string? path) => path is null || !verb.IsOlder ? path : Path.Combine(folder, path);
                    var isPlain = line.GetValue(noCompress) || (verb.HasExtension && line.GetValue(extension) != Compressed);
                    new Export(services.GetRequiredService<ILoggerFactory>().CreateLogger<Export>()).Execute(
                        new()
                        {
                            Data = Own(line.GetRequiredValue(data))!,
                            OutputFolder = Path.GetFullPath(Own(line.GetRequiredValue(outputFolder))!),
                            Analysis = line.GetValue(analysis),
                            Columns = ColumnsOption.Parse(line.GetRequiredValue(columns)),
                            Scalar = line.GetValue(scalar),
                            ColumnIndex = line.GetValue(columnIndex),
                            SourceFile = line.GetValue(sourceFile),
                            Threshold = line.GetValue(threshold),
                            Background = Backgrounds[line.GetValue(background)!],
                            Names = Names[line.GetValue(names)!],
                            Mask = Own(line.GetValue(mask)),
                            Index = Own(line.GetValue(index)),
                            Directions = Own(line.GetValue(directions)),
                            Example = Own(line.GetValue(example)),
                            Cohort = Own(line.GetValue(cohort)),
                            Root = folder,
                            Compress = verb.Compresses && !isPlain,
                            Overwrite = line.GetValue(overwrite),
                            AllowExternal = line.GetValue(external),
                            Threads = ImageOptions.Threads(line, threads),
                        },
                        token
                    );
                    return ExitCode.Success;
                },
                LogLevelOption.Read(line, logLevel)
            )
        );
        return command;
    }
}
