using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace HpcFit.Coordinator.Commands;

/// <summary>Changes to the library's help pages: examples at the end, and each default only once.</summary>
internal static class HelpPages
{
    private const string Default = "(default:";

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
        ],
        ["element"] =
        [
            "hpcfit element --data data.h5 --phenotypes cohort.csv --id 1235 > element.csv",
            "hpcfit element --data data.h5 --phenotypes cohort.csv --id 1235 --model gam --formula 'FDC ~ s(Age, k = 4) + sex' "
                + "--method REML",
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
        ["recover"] = ["hpcfit recover data.h5"],
        ["submit"] =
        [
            "hpcfit submit --spec model.json --partition normal --target-time 30m",
            "hpcfit submit --spec model.json --mem 4G --time 2h --cpus-per-task 8 --dry-run",
        ],
    };

    /// <summary>Applies the changes to all verbs.</summary>
    public static void Apply(RootCommand root)
    {
        foreach (var option in root.Subcommands.SelectMany(verb => verb.Options))
            Shorten(option);
        if (root.Options.OfType<HelpOption>().FirstOrDefault() is { Action: HelpAction standard } help)
            help.Action = new WithExamples(standard);
    }

    private static void Shorten(Option option)
    {
        if (
            option is { HasDefaultValue: true, Description: { } text }
            && text.LastIndexOf(Default, StringComparison.Ordinal) is var at and > 0
        )
            option.Description = text[..at].TrimEnd();
    }

    private sealed class WithExamples(HelpAction standard) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = standard.Invoke(parseResult);
            if (!Examples.TryGetValue(parseResult.CommandResult.Command.Name, out var examples))
                return code;
            Console.WriteLine("Examples:");
            foreach (var example in examples)
                Console.WriteLine($"  {example}");
            Console.WriteLine();
            return code;
        }
    }
}
