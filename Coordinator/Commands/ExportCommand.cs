using System.CommandLine;
using HpcFit.Coordinator.Imaging.Exporting;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit export</c>: converts an analysis to images. ModelArrayIO's option names are accepted too.</summary>
internal static class ExportCommand
{
    private static readonly Dictionary<string, Background> Backgrounds = new()
    {
        ["auto"] = Background.Auto,
        ["0"] = Background.Zero,
        ["1"] = Background.One,
        ["nan"] = Background.NaN,
    };

    public static Command Create()
    {
        var data = ImageOptions.Required("--data", TextOption.File, "the HDF5 file with the analysis", "--input-hdf5");
        var outputFolder = ImageOptions.Required("--output-dir", TextOption.Folder, "the folder for the maps");
        var analysis = ImageOptions.Text(
            "--analysis",
            TextOption.Name,
            "the analysis: one map per result, ANALYSIS_RESULT, and 1-p and -log10(p) of p-values",
            "--analysis-name"
        );
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
        var example = ImageOptions.Text("--example-file", TextOption.File, "CIFTI, fixels: an image whose header the maps get");
        var cohort = ImageOptions.Text("--cohort-file", TextOption.File, "or a cohort whose first source_file is the example", "--cohort");
        var root = ImageOptions.RelativeRoot();
        var noCompress = SwitchOption.Create("--no-compress", "write .nii and .mif instead of .nii.gz and .mif.gz");
        var threshold = TextOption.Optional(
            "--threshold",
            "CONDITION",
            "show only elements where this is true, and the background elsewhere: 'Age.p.value.fdr < 0.05 & abs(Age.statistic) > 3'"
        );
        var background = ChoiceOption.Create(
            "--background",
            "the value outside the mask: 1 in maps of p-values and 0 in others (auto), or one value in all maps (default: auto)",
            "auto",
            [.. Backgrounds.Keys]
        );
        var external = ExternalOption.Create();
        var overwrite = SwitchOption.Create("--overwrite", "replace existing maps");
        var threads = ImageOptions.Threads();

        var command = new Command("export", "Convert an analysis, or one subject of a scalar, to NIfTI, MRtrix or CIFTI images");
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
            noCompress,
            overwrite,
            external,
            threads,
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
                    new Export(services.GetRequiredService<ILoggerFactory>().CreateLogger<Export>()).Execute(
                        new()
                        {
                            Data = line.GetRequiredValue(data),
                            OutputFolder = Path.GetFullPath(line.GetRequiredValue(outputFolder)),
                            Analysis = line.GetValue(analysis),
                            Columns = ColumnsOption.Parse(line.GetRequiredValue(columns)),
                            Scalar = line.GetValue(scalar),
                            ColumnIndex = line.GetValue(columnIndex),
                            SourceFile = line.GetValue(sourceFile),
                            Mask = line.GetValue(mask),
                            Index = line.GetValue(index),
                            Directions = line.GetValue(directions),
                            Example = line.GetValue(example),
                            Cohort = line.GetValue(cohort),
                            Root = line.GetValue(root) ?? Environment.CurrentDirectory,
                            Threshold = line.GetValue(threshold),
                            Background = Backgrounds[line.GetValue(background)!],
                            Compress = !line.GetValue(noCompress),
                            Overwrite = line.GetValue(overwrite),
                            AllowExternal = line.GetValue(external),
                            Threads = ImageOptions.Threads(line, threads),
                        },
                        token
                    );
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }
}
