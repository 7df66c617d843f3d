using System.CommandLine;
using System.Text.Json;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Tests.Options.Models;

/// <summary>No option is accepted and ignored: what a model cannot use is refused by name.</summary>
public class UnusedOptionTests
{
    private static readonly Dictionary<string, string> Values = new()
    {
        ["--data"] = "other.h5",
        ["--phenotypes"] = "other.csv",
        ["--formula"] = "FD ~ sex",
        ["--scalar"] = "T1w",
        ["--subset"] = "Age > 9",
        ["--source-column"] = "path",
        ["--subjects"] = "cohort",
        ["--element-subset"] = "1:5",
        ["--na-strings"] = "n/a",
        ["--column"] = "Age2=Age^2",
        ["--family"] = "binomial",
        ["--link"] = "probit",
        ["--weights"] = "w",
        ["--contrasts"] = "sex=contr.sum",
        ["--var-model"] = "AIC",
        ["--column-order"] = "0.1.5",
        ["--num-subj-lthr-abs"] = "3",
        ["--num-subj-lthr-rel"] = "0.5",
        ["--stripe-memory"] = "64M",
        ["--var-terms"] = "estimate",
        ["--correct-p-value-terms"] = "holm",
        ["--correct-p-value-model"] = "holm",
        ["--contrast"] = "twice: 2*Age",
        ["--contrasts-file"] = ContrastsFileTests.Path("fsl.con"),
        ["--f-test"] = "Age",
        ["--anova-type"] = "III",
        ["--conf-level"] = "0.9",
        ["--se"] = "HC3",
        ["--cluster"] = "family",
        ["--permutations"] = "100",
        ["--permutations-file"] = ContrastsFileTests.Path("fsl.con"),
        ["--perm-seed"] = "2",
        ["--perm-method"] = "dekker",
        ["--errors"] = "ise",
        ["--alternative"] = "less",
        ["--exchange"] = "within=site",
        ["--variance-groups"] = "site",
        ["--perm-missing"] = "pattern",
        ["--fwe-over"] = "contrasts",
        ["--tail"] = "gpd",
        ["--enhance"] = "tfce",
        ["--tfce-like"] = "fsl",
        ["--neighbours"] = "26",
        ["--surface"] = $"L={ContrastsFileTests.Path("fsl.con")}",
        ["--cfe"] = ".",
        ["--cluster-z"] = "2.3",
        ["--cluster-stat"] = "mass",
        ["--batch-memory"] = "64M",
        ["--df"] = "residual",
        ["--test-random"] = "id",
        ["--within-between"] = "Age",
        ["--method"] = "REML",
        ["--gamma"] = "1.4",
        ["--sp"] = "1",
        ["--knots"] = "Age=1,2",
        ["--basis"] = "all-subjects",
        ["--smooth-p-values"] = "davies",
        ["--var-smooth-terms"] = "edf",
        ["--var-parametric-terms"] = "estimate",
        ["--correct-p-value-smooth-terms"] = "holm",
        ["--correct-p-value-parametric-terms"] = "holm",
        ["--changed-rsq-term-index"] = "1",
        ["--smooth-curves"] = "10",
        ["--smooth-intervals"] = "pointwise",
        ["--function"] = "other.R",
        ["--function-name"] = "f",
        ["--function-args"] = "k=4",
        ["--scalars"] = "FD",
        ["--seed"] = "7",
        ["--write-scalar"] = "FD2",
        ["--element-timeout"] = "5s",
        ["--function-memory"] = "1G",
    };

    public static TheoryData<string> Models() => [.. ModelLines.Keys];

    private static Dictionary<string, string[]> ModelLines =>
        new()
        {
            ["lm"] = ["--model", "lm", "--formula", "FD ~ Age"],
            ["lm, permuted"] = ["--model", "lm", "--formula", "FD ~ Age", "--permutations", "50"],
            ["lm, cluster"] = ["--model", "lm", "--formula", "FD ~ Age", "--permutations", "50", "--enhance", "cluster"],
            ["lmm"] = ["--model", "lmm", "--formula", "FD ~ Age + (1 | id)"],
            ["gamm"] = ["--model", "gamm", "--formula", "FD ~ s(Age) + (1 | id)"],
            ["gam"] = ["--model", "gam", "--formula", "FD ~ s(Age)"],
            ["custom"] = ["--model", "custom", "--function", "f.R"],
        };

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_option_changes_what_is_computed_or_is_refused_by_name(string model)
    {
        var command = new Command("run");
        new ModelOptions().AddTo(command);
        var plain = JsonSerializer.Serialize(ModelOptionsTests.Spec(ModelLines[model]), RunJson.Default.RunSpec);
        // --spec holds other options; --model is the row; those of several files are refused with one (DataOptionsTests).
        foreach (var option in command.Options.Where(option => option.Name is not ("--spec" or "--model" or "--merge-on" or "--into")))
        {
            string[] given = option.ValueType == typeof(bool) ? [option.Name] : [option.Name, Values[option.Name]];
            try
            {
                JsonSerializer
                    .Serialize(ModelOptionsTests.Spec(Replaced(ModelLines[model], given)), RunJson.Default.RunSpec)
                    .ShouldNotBe(plain, $"{option.Name} is taken by {model} and changes nothing");
            }
            catch (UsageException refusal)
            {
                refusal.Message.ShouldContain(option.Name);
            }
        }
    }

    /// <summary>A command line with an option that replaces the one of the same name.</summary>
    private static string[] Replaced(string[] line, string[] given) =>
        Array.IndexOf(line, given[0]) is var at and >= 0 ? [.. line[..at], .. line[(at + 2)..], .. given] : [.. line, .. given];
}
