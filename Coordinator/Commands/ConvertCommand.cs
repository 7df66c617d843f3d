using System.CommandLine;
using HpcFit.Coordinator.Imaging;
using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Images;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// <c>hpcfit convert</c>: converts a cohort of images to an HDF5 file. Also ModelArrayIO's <c>to-modelarray</c>, and its older verbs for
/// one kind of image each, whose <c>--relative-root</c> applies to every path.
/// </summary>
internal static class ConvertCommand
{
    /// <summary>What all older verbs of ModelArrayIO write unless told otherwise.</summary>
    private const string OlderOutput = "fixelarray.h5";

    /// <summary>Creates all verbs.</summary>
    public static IEnumerable<Command> CreateAll()
    {
        yield return Create(new("convert", "Make an HDF5 file from a cohort of NIfTI volumes, MRtrix fixel data or CIFTI files"));
        yield return Create(
            new("to-modelarray", "Like ModelArrayIO's to-modelarray: convert, with its options") { Output = "modelarray.h5" }
        );
        yield return Create(
            new("confixel", "Like ModelArrayIO's confixel: convert MRtrix fixel data")
            {
                Modality = Modality.Fixels,
                Output = OlderOutput,
                ChunkMB = 4,
            }
        );
        yield return Create(
            new("convoxel", "Like ModelArrayIO's convoxel: convert NIfTI volumes") { Modality = Modality.Voxels, Output = OlderOutput }
        );
        yield return Create(
            new("concifti", "Like ModelArrayIO's concifti: convert CIFTI files") { Modality = Modality.Greyordinates, Output = OlderOutput }
        );
    }

    /// <summary>A verb that converts.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Description">What it does.</param>
    private sealed record Verb(string Name, string Description)
    {
        /// <summary>The only kind of image that it converts; null: all.</summary>
        public Modality? Modality { get; init; }

        /// <summary>The default output of a verb of ModelArrayIO; null: <c>convert</c>, where it must be given.</summary>
        public string? Output { get; init; }

        /// <summary>The default size of a chunk in MiB.</summary>
        public double ChunkMB { get; init; } = StorageOptions.DefaultChunkMB;
    }

    private static Command Create(Verb verb)
    {
        var modality = verb.Modality;
        var cohort = ImageOptions.Required(
            "--cohort",
            TextOption.File,
            "the cohort, CSV or TSV: columns scalar_name, source_file and, for volumes, source_mask_file",
            "--cohort-file"
        );
        var output = ImageOptions.Required("--output", TextOption.File, "the new HDF5 file", "--output-hdf5");
        if (verb.Output is { } given)
        {
            output.Required = false;
            output.DefaultValueFactory = _ => given;
        }
        var mask = ImageOptions.Text("--mask", TextOption.File, "voxels: the group mask", "--group-mask-file");
        var index = ImageOptions.Text("--index-file", TextOption.File, "fixels: the fixel folder's index image");
        var directions = ImageOptions.Text("--directions-file", TextOption.File, "fixels: the fixel folder's directions image");
        var columns = new Option<string[]>("--scalar-columns", ImageOptions.Spellings("--scalar-columns"))
        {
            Description = "wide cohort: the columns of files, one per scalar (FD,FC)",
            HelpName = "LIST",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var split = SwitchOption.Create(
            "--split-files",
            "write one file per scalar, SCALAR_OUTPUT (default for wide cohorts)",
            ImageOptions.Spellings("--split-files")
        );
        var noSplit = SwitchOption.Create(
            "--no-split-files",
            "write one file (default for long cohorts)",
            ImageOptions.Spellings("--no-split-files")
        );
        var storage = new StorageOptions(verb.ChunkMB);
        var root = ImageOptions.RelativeRoot();
        var spool = ImageOptions.Text(
            "--spool-dir",
            TextOption.Folder,
            "the folder for temporary storage of all values (default: the output's)"
        );
        var overwrite = SwitchOption.Create("--overwrite", "replace an existing output");
        var threads = ImageOptions.Threads();
        var json = JsonOption.Create();
        var logLevel = LogLevelOption.Create(hasLogFile: false);

        var command = new Command(verb.Name, verb.Description);
        foreach (
            var option in (Option[])
                [
                    cohort,
                    output,
                    mask,
                    index,
                    directions,
                    columns,
                    split,
                    noSplit,
                    .. storage.Options,
                    root,
                    spool,
                    overwrite,
                    threads,
                    json,
                    logLevel,
                    .. verb.Output is null ? [] : ModelArrayIOOptions.Create(),
                ]
        )
            command.Options.Add(option);
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (services, token) =>
                {
                    var cohortRoot = Path.GetFullPath(line.GetValue(root) ?? ".");
                    var ownRoot = modality is null ? Environment.CurrentDirectory : cohortRoot;
                    string? Own(string? path) => path is null ? null : Path.Combine(ownRoot, path);
                    var result = new Conversion(services.GetRequiredService<ILoggerFactory>().CreateLogger<Conversion>()).Execute(
                        new()
                        {
                            Cohort = Own(line.GetRequiredValue(cohort))!,
                            Root = cohortRoot,
                            Output = Path.GetFullPath(Own(line.GetRequiredValue(output))!),
                            ScalarColumns = [.. line.GetRequiredValue(columns).SelectMany(text => ListOption.Parse(text)!)],
                            SplitFiles = Split(line.GetValue(split), line.GetValue(noSplit)),
                            Modality = modality,
                            Mask = Own(line.GetValue(mask)),
                            Index = Own(line.GetValue(index)),
                            Directions = Own(line.GetValue(directions)),
                            Storage = storage.Read(line),
                            SpoolFolder = line.GetValue(spool),
                            Overwrite = line.GetValue(overwrite),
                            Threads = ImageOptions.Threads(line, threads),
                        },
                        token
                    );
                    if (line.GetValue(json))
                        JsonOption.Print(result, ConversionResultJson.Default.ConversionResult);
                    return ExitCode.Success;
                },
                LogLevelOption.Read(line, logLevel)
            )
        );
        return command;
    }

    private static bool? Split(bool split, bool noSplit) =>
        (split, noSplit) switch
        {
            (true, true) => throw new UsageException("--split-files and --no-split-files contradict each other; give one of them."),
            (false, false) => null,
            _ => split,
        };
}
