using System.CommandLine;

namespace HpcFit.Coordinator.Help;

/// <summary>
/// The group of every option, by name: an option has the same group in all verbs. A new option is added here; a test names those that are
/// missing.
/// </summary>
internal static class OptionGroups
{
    private static readonly Dictionary<OptionGroup, (string Title, string[] Names)> Groups = new()
    {
        [OptionGroup.Data] = (
            "Data",
            [
                "--spec",
                "--data",
                "--phenotypes",
                "--cohort",
                "--study",
                "--scalar-columns",
                "--source-column",
                "--subset",
                "--subjects",
                "--merge-on",
                "--into",
                "--element-subset",
                "--no-check-names",
                "--na-strings",
                "--column",
                "--allow-external",
                "--metadata-timeout",
            ]
        ),
        [OptionGroup.Model] = (
            "Model",
            [
                "--model",
                "--formula",
                "--family",
                "--link",
                "--scalar",
                "--weights",
                "--contrasts",
                "--contrast",
                "--contrasts-file",
                "--f-test",
                "--anova-type",
                "--effect-sizes",
                "--conf-level",
                "--full-outputs",
                "--var-model",
                "--log10-p",
                "--column-order",
                "--num-subj-lthr-abs",
                "--num-subj-lthr-rel",
            ]
        ),
        [OptionGroup.Linear] = ("Model lm", ["--var-terms", "--correct-p-value-terms", "--correct-p-value-model", "--se", "--cluster"]),
        [OptionGroup.Permutation] = (
            "Permutation tests (lm)",
            [
                "--permutations",
                "--permutations-file",
                "--perm-seed",
                "--perm-method",
                "--errors",
                "--alternative",
                "--exchange",
                "--variance-groups",
                "--perm-missing",
                "--fwe-over",
                "--tail",
                "--enhance",
                "--tfce-like",
                "--neighbours",
                "--cfe",
                "--cluster-z",
                "--cluster-stat",
                "--batch-memory",
            ]
        ),
        [OptionGroup.Mixed] = (
            "Models lmm, gamm",
            ["--ml", "--df", "--test-random", "--within-between", "--random-effects", "--predictions"]
        ),
        [OptionGroup.Gam] = (
            "Models gam, gamm",
            [
                "--method",
                "--gamma",
                "--select",
                "--sp",
                "--knots",
                "--basis",
                "--smooth-p-values",
                "--var-smooth-terms",
                "--var-parametric-terms",
                "--correct-p-value-smooth-terms",
                "--correct-p-value-parametric-terms",
                "--changed-rsq-term-index",
                "--smooth-curves",
                "--smooth-derivatives",
                "--smooth-intervals",
            ]
        ),
        [OptionGroup.Custom] = (
            "Model custom",
            [
                "--function",
                "--function-name",
                "--function-args",
                "--scalars",
                "--seed",
                "--write-scalar",
                "--element-timeout",
                "--function-memory",
            ]
        ),
        [OptionGroup.Results] = (
            "Results",
            ["--analysis", "--output", "--overwrite", "--full-length", "--max-journal", "--accept-changed-inputs", "--report"]
        ),
        [OptionGroup.Images] = (
            "Images",
            [
                "--output-dir",
                "--mask",
                "--index-file",
                "--directions-file",
                "--example-file",
                "--cohort-file",
                "--relative-root",
                "--column-index",
                "--source-file",
                "--split-files",
                "--no-split-files",
                "--threshold",
                "--background",
                "--names",
                "--no-compress",
                "--output-ext",
            ]
        ),
        [OptionGroup.Storage] = (
            "Storage",
            [
                "--dtype",
                "--compression",
                "--compression-level",
                "--no-shuffle",
                "--chunk-voxels",
                "--target-chunk-mb",
                "--spool-dir",
                "--backend",
            ]
        ),
        [OptionGroup.Running] = (
            "Running",
            [
                "--workers",
                "--threads",
                "--s3-workers",
                "--jobs",
                "--elements-per-job",
                "--target-time",
                "--stripe-memory",
                "--run-dir",
                "--scratch",
                "--dry-run",
                "--launcher",
                "--retries",
                "--max-rounds",
                "--on-error",
                "--log-level",
                "--take-over",
                "--force",
                "--older-than",
                "--yes",
            ]
        ),
        [OptionGroup.Slurm] = (
            "Cluster",
            [
                "--scheduler",
                "--scheduler-spec",
                "--submit-option",
                "--mem",
                "--time",
                "--cpus-per-task",
                "--partition",
                "--account",
                "--qos",
                "--module",
                "--sbatch-option",
                "--array-throttle",
                "--sbatch-template",
                "--watch-every",
            ]
        ),
        [OptionGroup.Printing] = (
            "Printing",
            [
                "--id",
                "--by",
                "--n",
                "--below",
                "--above",
                "--smallest",
                "--largest",
                "--absolute",
                "--where",
                "--tables",
                "--template",
                "--surface",
                "--with-subject-values",
                "--maps",
                "--alpha",
                "--sort",
                "--descending",
                "--columns",
                "--statuses",
                "--positions",
                "--test",
                "--criteria-only",
                "--assume-nested",
                "--watch",
                "--format",
                "--json",
            ]
        ),
    };

    private static readonly Dictionary<string, OptionGroup> GroupOf = AllNames()
        .DistinctBy(pair => pair.Name, StringComparer.Ordinal)
        .ToDictionary(pair => pair.Name, pair => pair.Group, StringComparer.Ordinal);

    /// <summary>Every name of the table with its group; a test checks that none is there twice.</summary>
    public static IEnumerable<(string Name, OptionGroup Group)> AllNames() =>
        Groups.SelectMany(group => group.Value.Names.Select(name => (name, group.Key)));

    /// <summary>The group of an option; null: it has none yet.</summary>
    public static OptionGroup? Find(Option option) => GroupOf.TryGetValue(option.Name, out var group) ? group : null;

    /// <summary>The options that help lists, by heading; options without a group come last.</summary>
    public static IEnumerable<(string Title, IReadOnlyList<Option> Options)> List(Command command)
    {
        var shown = command.Options.Where(option => !option.Hidden).ToList();
        foreach (var (group, (title, names)) in Groups)
        {
            var options = shown.Where(option => Find(option) == group).OrderBy(option => Array.IndexOf(names, option.Name)).ToList();
            if (options.Count > 0)
                yield return (title, options);
        }
        if (shown.Where(option => Find(option) is null).ToList() is { Count: > 0 } others)
            yield return ("Other", others);
    }
}
