namespace HpcFit.Coordinator.Help;

/// <summary>The first screen of a verb with many options: the most used ones, in at most 24 lines of 80 columns.</summary>
/// <param name="Options">Each option, its value and a few words.</param>
/// <param name="Example">A command on one or more lines.</param>
internal sealed record ShortPage(IReadOnlyList<(string Name, string Value, string Text)> Options, IReadOnlyList<string> Example)
{
    private static readonly (string, string, string)[] Fit =
    [
        ("--model", "lm|lmm|gam|gamm|custom", "the model"),
        ("--data", "FILE", "the HDF5 file in the ModelArray layout"),
        ("--phenotypes", "FILE", "the cohort table, with a column source_file"),
        ("--formula", "FORMULA", "R's formula, such as \"FDC ~ Age + sex\""),
        ("--function", "FILE", "custom: the function's file: .R, .py, .csx or .dll"),
        ("--analysis", "NAME", "the name of the results: /results/NAME"),
        ("--output", "FILE", "a new file for the results (default: the data file)"),
        ("--spec", "FILE", "a JSON file with these options"),
        ("--element-subset", "RANGES", "elements, counted from 1: 1:1000,2001 (default: all)"),
        ("--full-outputs", "", "store all statistics"),
        ("--method", "NAME", "gam: GCV.Cp (default), REML, ML, …"),
    ];

    private static readonly (string, string, string) DryRun = ("--dry-run", "", "print the plan and stop");

    private static readonly (string, string, string)[] Local =
    [
        ("--workers", "N", "simultaneous worker processes (default: 1)"),
        ("--threads", "N", "threads per worker (default: all cores)"),
        DryRun,
    ];

    private static readonly (string, string, string)[] Cluster =
    [
        ("--partition", "NAME", "the partition (default: the cluster's)"),
        ("--time", "TIME", "time limit per job (default: predicted)"),
        ("--mem", "SIZE", "memory per job (default: measured)"),
    ];

    private static readonly (string, string, string)[] Geometry =
    [
        ("--mask", "FILE", "voxels: the group mask"),
        ("--index-file", "FILE", "fixels: the fixel folder's index image"),
        ("--directions-file", "FILE", "fixels: the fixel folder's directions image"),
    ];

    private static readonly (string, string, string)[] Maps =
    [
        ("--data", "FILE", "the HDF5 file with the analysis"),
        ("--analysis", "NAME", "the analysis: one map per result"),
        ("--columns", "LIST", "only these results: Age.estimate,Age.p.value"),
        ("--output-dir", "FOLDER", "the folder for the maps"),
        .. Geometry,
        ("--example-file", "FILE", "CIFTI, fixels: an image whose header the maps get"),
        ("--overwrite", "", "replace existing maps"),
    ];

    private static readonly (string, string, string)[] Images =
    [
        ("--cohort", "FILE", "the cohort: columns scalar_name and source_file"),
        ("--output", "FILE", "the new HDF5 file"),
        .. Geometry,
        ("--scalar-columns", "LIST", "wide cohort: the columns of files: FD,FC"),
        ("--relative-root", "FOLDER", "where relative paths start (default: here)"),
        ("--overwrite", "", "replace an existing output"),
    ];

    /// <summary>The short pages, by verb.</summary>
    public static IReadOnlyDictionary<string, ShortPage> ByVerb { get; } =
        new Dictionary<string, ShortPage>
        {
            ["export"] = new(Maps, OfMaps("export")),
            ["export-results"] = new(Maps, OfMaps("export-results")),
            ["fixelstats_write"] = new(Maps, OfMaps("fixelstats_write")),
            ["volumestats_write"] = new(Maps, OfMaps("volumestats_write")),
            ["ciftistats_write"] = new(Maps, OfMaps("ciftistats_write")),
            ["convert"] = new(Images, OfImages("convert")),
            ["to-modelarray"] = new(Images, OfImages("to-modelarray")),
            ["confixel"] = new(Images, OfImages("confixel")),
            ["convoxel"] = new(Images, OfImages("convoxel")),
            ["concifti"] = new(Images, OfImages("concifti")),
            ["run"] = new([.. Fit, .. Local], Examples("run")),
            ["plan"] = new(
                [.. Fit, ("--run-dir", "FOLDER", "the run directory, on a shared file system"), .. Local[..2]],
                Examples("plan")
            ),
            ["submit"] = new([.. Fit[..^2], Fit[^1], .. Cluster, DryRun], Examples("submit")),
            ["element"] = new(
                [
                    ("--data", "FILE", "the HDF5 file in the ModelArray layout"),
                    ("--phenotypes", "FILE", "the cohort table, with a column source_file"),
                    ("--id", "N", "the element, counted from 1"),
                    ("--model", "lm|lmm|gam|gamm|custom", "fit this model (default: print its data)"),
                    ("--formula", "FORMULA", "R's formula, such as \"FDC ~ Age + sex\""),
                    ("--method", "NAME", "gam: GCV.Cp (default), REML, ML, …"),
                    ("--function", "FILE", "try this function: .R, .py, .csx, .dll"),
                ],
                ["hpcfit element --data data.h5 --phenotypes cohort.csv --id 1235 > element.csv"]
            ),
            ["resume"] = new(
                [
                    ("--workers", "N", "simultaneous worker processes (default: 1)"),
                    ("--threads", "N", "threads per worker (default: all cores)"),
                    ("--on-error", "stop|skip", "what to do about elements that cannot be read"),
                    ("--launcher", "NAME", "where to continue: local or slurm"),
                    ("--output", "FILE", "a new file for the results"),
                    ("--overwrite", "", "replace existing results of that name"),
                    ("--take-over", "", "declare that the process that holds the run is dead"),
                    .. Cluster,
                ],
                ["hpcfit resume data.h5.hpcfit/06549492fafd --workers 8"]
            ),
        };

    private static string GeometryOf(string verb) =>
        verb switch
        {
            "fixelstats_write" or "confixel" => "--index-file FD/index.mif --directions-file FD/directions.mif",
            "ciftistats_write" => "--example-file sub-01.dscalar.nii",
            "concifti" => "--scalar-columns FD,FC",
            _ => "--mask group_mask.nii.gz",
        };

    private static string[] OfMaps(string verb) =>
        [$"hpcfit {verb} --data data.h5 --analysis results_lm \\", "  --output-dir maps \\", $"  {GeometryOf(verb)}"];

    private static string[] OfImages(string verb) => [$"hpcfit {verb} --cohort cohort.csv --output data.h5 \\", $"  {GeometryOf(verb)}"];

    private static string[] Examples(string verb) =>
        [$"hpcfit {verb} --model lm --data data.h5 --phenotypes cohort.csv \\", "  --formula \"FDC ~ Age + sex\" --analysis results_lm"];
}
