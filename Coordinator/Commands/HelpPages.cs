using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using HpcFit.Coordinator.Help;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary>The help of all verbs: examples, and the pages that replace the library's.</summary>
internal static class HelpPages
{
    private static readonly Dictionary<string, string[]> Examples = new()
    {
        ["run"] =
        [
            """hpcfit run --model lm --data data.h5 --phenotypes cohort.csv --formula "FDC ~ Age + sex" --analysis results_lm --workers 4""",
            """hpcfit run --model gam --data data.h5 --phenotypes cohort.csv --formula "FDC ~ s(Age, k=4) + sex" --analysis results_gam --method REML""",
            """hpcfit run --spec model.json --element-subset 1:1000 --output trial.h5        (the file: {"model": "lm", "data": "data.h5", …})""",
            """hpcfit run --model custom --function site_anova.R --data data.h5 --phenotypes cohort.csv --analysis results_anova""",
            """hpcfit run --spec model.json --dry-run                                        (the plan, with predicted time and memory)""",
        ],
        ["plan"] =
        [
            "hpcfit plan --spec model.json --run-dir runs/age --target-time 30m",
            "hpcfit-worker fit --run runs/age --round 1 --job 0        (and so on, on any machine with access to both folders)",
            "hpcfit merge runs/age",
        ],
        ["resume"] =
        [
            "hpcfit resume data.h5.hpcfit/06549492fafd --workers 8",
            "hpcfit resume data.h5.hpcfit/06549492fafd --on-error skip        (omits elements that cannot be read)",
        ],
        ["status"] =
        [
            "hpcfit status data.h5.hpcfit/06549492fafd --watch",
            "hpcfit status data.h5.hpcfit/06549492fafd --json | jq '.rounds[-1].jobs[] | select(.state != \"Finished\")'",
        ],
        ["merge"] =
        [
            "hpcfit merge data.h5.hpcfit/06549492fafd",
            "hpcfit merge data.h5.hpcfit/06549492fafd --analysis results_lm2 --full-length",
        ],
        ["export-table"] =
        [
            "hpcfit export-table data.h5 results_lm > results_lm.csv",
            "hpcfit export-table data.h5 results_lm --columns element_id,Age.estimate,Age.p.value.fdr --output age.tsv",
            "hpcfit export-table data.h5 results_lm --where 'Age.p.value.fdr < 0.05 & Age.estimate > 0' --sort Age.p.value "
                + "--output age.parquet",
        ],
        ["compare"] =
        [
            "hpcfit compare data.h5 results_age results_age_motion",
            "hpcfit compare data.h5 results_lm results_gam --analysis lm_or_gam",
        ],
        ["top"] =
        [
            "hpcfit top data.h5 results_lm --by Age.p.value.fdr --below 0.05",
            "hpcfit top data.h5 results_lm --by Age.estimate --largest --n 10 --json",
        ],
        ["element"] =
        [
            "hpcfit element --data data.h5 --phenotypes cohort.csv --id 1235 > element.csv",
            "hpcfit element --data data.h5 --phenotypes cohort.csv --id 1235 --model gam --formula 'FDC ~ s(Age, k = 4) + sex' "
                + "--method REML",
            "hpcfit element --data data.h5 --phenotypes cohort.csv --id 1235 --model lmm --formula 'FDC ~ Age + (1 | id)' "
                + "--random-effects > levels.csv",
            "hpcfit element --data data.h5 --phenotypes cohort.csv --id 1235 --function site_anova.R",
        ],
        ["inspect"] =
        [
            "hpcfit inspect data.h5",
            "hpcfit inspect data.h5 results_lm        (model, subjects, statuses, options, versions, run)",
            "hpcfit inspect data.h5 --json | jq -r '.analyses[].record.formula'",
        ],
        ["convert"] =
        [
            "hpcfit convert --cohort cohort.csv --mask group_mask.nii.gz --output data.h5        (volumes)",
            "hpcfit convert --cohort cohort.csv --index-file FDC/index.mif --directions-file FDC/directions.mif --output data.h5      "
                + "  (fixels)",
            "hpcfit convert --cohort wide.csv --scalar-columns FD,FC --output data.h5        (CIFTI files; makes FD_data.h5 and "
                + "FC_data.h5)",
        ],
        ["export"] =
        [
            "hpcfit export --data data.h5 --analysis results_lm --mask group_mask.nii.gz --output-dir maps",
            "hpcfit export --data data.h5 --analysis results_lm --index-file FDC/index.mif --directions-file FDC/directions.mif "
                + "--output-dir maps",
            "hpcfit export --data data.h5 --analysis results_lm --example-file sub-01.dscalar.nii --output-dir maps",
            "hpcfit export --data data.h5 --scalar FDC --column-index 3 --mask group_mask.nii.gz --output-dir look",
        ],
        ["rechunk"] = ["hpcfit rechunk old.h5 new.h5", "hpcfit rechunk old.h5 new.h5 --target-chunk-mb 4 --compression-level 1"],
        ["runs"] = ["hpcfit runs data.h5", "hpcfit runs ."],
        ["clean"] = ["hpcfit clean data.h5", "hpcfit clean . --older-than 30d --yes"],
        ["delete"] = ["hpcfit delete data.h5 results_trial"],
        ["rename"] = ["hpcfit rename data.h5 results_lm results_lm_2026"],
        ["recover"] = ["hpcfit recover data.h5"],
        ["submit"] =
        [
            "hpcfit submit --spec model.json --partition normal --target-time 30m",
            "hpcfit submit --spec model.json --mem 4G --time 2h --cpus-per-task 8 --dry-run",
        ],
    };

    /// <summary>The examples of a verb.</summary>
    public static IReadOnlyList<string> ExamplesOf(Command command) => Examples.GetValueOrDefault(command.Name, []);

    /// <summary>Replaces the library's pages of the verbs, and adds <c>--help-all</c> to each.</summary>
    public static void Apply(RootCommand root)
    {
        if (root.Options.OfType<HelpOption>().FirstOrDefault() is not { Action: HelpAction standard } help)
            return;
        help.Action = new Shown(standard, (page, width) => page.First(width));
        root.Options.Add(
            new Option<bool>("--help-all")
            {
                Description = "Show all options of a command, in groups",
                Recursive = true,
                Action = new Shown(standard, (page, width) => page.Complete(width)),
            }
        );
    }

    private sealed class Shown(HelpAction ofRoot, Func<HelpPage, int, IEnumerable<string>> lines) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var command = parseResult.CommandResult.Command;
            if (command is RootCommand)
                return ofRoot.Invoke(parseResult);
            foreach (var line in lines(new(command, TypedCommand.Program, ExamplesOf(command)), Width))
                Console.WriteLine(line);
            return (int)ExitCode.Success;
        }

        private static int Width => Console.IsOutputRedirected ? HelpPage.DefaultWidth : Math.Clamp(Console.WindowWidth, 60, 120);
    }
}
