using System.CommandLine;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Tests.Options.Models;

public class ModelOptionsTests
{
    [Fact]
    public void Omitted_options_have_ModelArrays_defaults()
    {
        var model = Spec("--model", "lm", "--formula", "FD ~ Age").Model;
        (model.NumSubjLthrAbs, model.NumSubjLthrRel, model.FullOutputs, model.Gam).ShouldBe((10, 0.2, false, null));
        (model.VarTerms, model.VarModel, model.CorrectPValueTerms, model.CorrectPValueModel).ShouldBe((null, null, null, null));
    }

    [Fact]
    public void All_gam_options_are_read()
    {
        var gam = Spec(
            "--model",
            "gam",
            "--formula",
            "FD ~ s(Age) + s(angle, bs='cc')",
            "--method",
            "REML",
            "--gamma",
            "1.4",
            "--select",
            "--sp",
            "0.05,-1",
            "--knots",
            "angle=0,360",
            "--knots",
            "Age=1,2.5,4",
            "--basis",
            "all-subjects",
            "--smooth-p-values",
            "davies",
            "--var-smooth-terms",
            "edf,p.value",
            "--var-parametric-terms",
            "none",
            "--correct-p-value-smooth-terms",
            "fdr,BY",
            "--correct-p-value-parametric-terms",
            "",
            "--changed-rsq-term-index",
            "1,2"
        )
            .Model.Gam.ShouldNotBeNull();
        (gam.Method, gam.Gamma, gam.Select, gam.BasisOfAllSubjects, gam.SmoothPValues).ShouldBe(("REML", 1.4, true, true, "davies"));
        gam.Sp.ShouldBe([0.05, -1]);
        gam.Knots["angle"].ShouldBe([0, 360]);
        gam.Knots["Age"].ShouldBe([1, 2.5, 4]);
        gam.VarSmoothTerms.ShouldBe(["edf", "p.value"]);
        gam.VarParametricTerms.ShouldBe([]);
        gam.CorrectPValueSmoothTerms.ShouldBe(["fdr", "BY"]);
        gam.CorrectPValueParametricTerms.ShouldBe([]);
        gam.ChangedRsqTermIndex.ShouldBe([1, 2]);
    }

    [Fact]
    public void Stripe_memory_is_a_size_or_the_workers_default()
    {
        Spec("--model", "lm", "--formula", "FD ~ Age", "--stripe-memory", "64M").StripeMemory.ShouldBe(64L << 20);
        Spec("--model", "lm", "--formula", "FD ~ Age").StripeMemory.ShouldBeNull();
    }

    [Fact]
    public void Codes_for_missing_values_may_be_listed_or_repeated_and_may_be_empty_or_start_with_a_dash()
    {
        Spec("--model", "lm", "--formula", "FD ~ Age").Cohort.NaStrings.ShouldBe([]);
        Spec("--model", "lm", "--formula", "FD ~ Age", "--na-strings", "n/a, #N/A,-", "--na-strings", "-9")
            .Cohort.NaStrings.ShouldBe(["n/a", "#N/A", "-", "-9"]);
        Spec("--model", "lm", "--formula", "FD ~ Age", "--na-strings", "-,.,").Cohort.NaStrings.ShouldBe(["-", ".", ""]);
    }

    [Fact]
    public void The_order_of_columns_is_the_current_one_or_that_of_a_release_and_does_not_apply_to_functions()
    {
        Spec("--model", "lm", "--formula", "FD ~ Age").Model.ColumnOrder.ShouldBeNull();
        Spec("--model", "lm", "--formula", "FD ~ Age", "--column-order", "current").Model.ColumnOrder.ShouldBeNull();
        Spec("--model", "lm", "--formula", "FD ~ Age", "--column-order", "0.1.5").Model.ColumnOrder.ShouldBe("0.1.5");
        Should
            .Throw<UsageException>(() => Spec("--model", "custom", "--function", "f.R", "--column-order", "0.1.5"))
            .Message.ShouldContain("--column-order belongs to --model lm, lmm, gam and gamm");
    }

    [Fact]
    public void The_seed_of_a_custom_model_is_answered_with_that_of_permutations() =>
        Should
            .Throw<UsageException>(() => Spec("--model", "lm", "--formula", "FD ~ Age", "--permutations", "50", "--seed", "3"))
            .Message.ShouldContain("--perm-seed");

    [Fact]
    public void A_gam_without_options_has_mgcvs_defaults()
    {
        var gam = Spec("--model", "gam", "--formula", "FD ~ s(Age)").Model.Gam.ShouldNotBeNull();
        (gam.Method, gam.Gamma, gam.Select, gam.BasisOfAllSubjects, gam.SmoothPValues).ShouldBe(("GCV.Cp", 1, false, false, "accurate"));
        (gam.Sp, gam.VarSmoothTerms, gam.VarParametricTerms).ShouldBe((null, null, null));
    }

    [Theory]
    [InlineData("--method", "gam", "--model", "lm", "--formula", "FD ~ Age", "--method", "REML")]
    [InlineData("--var-terms", "lm", "--model", "gam", "--formula", "FD ~ s(Age)", "--var-terms", "estimate")]
    public void An_option_of_another_engine_is_refused_by_name(string option, string owner, params string[] line) =>
        Should
            .Throw<UsageException>(() => Spec(line))
            .Message.ShouldSatisfyAllConditions(words => words.ShouldContain(option), words => words.ShouldContain($"--model {owner}"));

    [Theory]
    [InlineData("Did you mean 'gam'", "--model", "gan", "--formula", "FD ~ s(Age)")]
    [InlineData("Did you mean 'REML'", "--model", "gam", "--formula", "FD ~ s(Age)", "--method", "REMM")]
    [InlineData("Did you mean 'davies'", "--model", "gam", "--formula", "FD ~ s(Age)", "--smooth-p-values", "davis")]
    [InlineData("--formula is missing", "--model", "lm")]
    [InlineData("'x' is not a number", "--model", "gam", "--formula", "FD ~ s(Age)", "--sp", "1,x")]
    [InlineData("given twice for 'a'", "--model", "gam", "--formula", "FD ~ s(a)", "--knots", "a=1,2", "--knots", "a=3,4")]
    [InlineData("'0' is not an index", "--model", "gam", "--formula", "FD ~ s(a)", "--changed-rsq-term-index", "0")]
    [InlineData("64K to 1G was expected", "--model", "lm", "--formula", "FD ~ Age", "--stripe-memory", "2G")]
    [InlineData("--gamma is '-1'", "--model", "gam", "--formula", "FD ~ s(a)", "--gamma", "-1")]
    [InlineData("--enhance belongs to permutation tests", "--model", "lm", "--formula", "FD ~ Age", "--enhance", "tfce")]
    [InlineData("--alternative belongs to permutation tests", "--model", "lm", "--formula", "FD ~ Age", "--alternative", "less")]
    [InlineData("names: two-sided, greater, less", "--model", "lm", "--formula", "FD ~ Age", "--permutations", "9", "--alternative", "up")]
    [InlineData("not exchangeable", "--model", "gam", "--formula", "FD ~ s(Age)", "--permutations", "50")]
    [InlineData("not exchangeable", "--model", "lmm", "--formula", "FD ~ Age + (1 | id)", "--permutations", "50")]
    [InlineData("not exchangeable", "--model", "custom", "--function", "f.R", "--permutations", "50")]
    [InlineData("--se and --permutations exclude", "--model", "lm", "--formula", "FD ~ Age", "--permutations", "50", "--se", "HC3")]
    [InlineData("--cluster and --permut", "--model", "lm", "--formula", "FD ~ Age", "--permutations", "50", "--cluster", "family")]
    [InlineData("such as within=site", "--model", "lm", "--formula", "FD ~ Age", "--permutations", "50", "--exchange", "within=")]
    [InlineData(
        "Did you mean within=site, or whole=site?",
        "--model",
        "lm",
        "--formula",
        "FD ~ Age",
        "--permutations",
        "50",
        "--exchange",
        "site"
    )]
    [InlineData(
        "can be combined",
        "--model",
        "lm",
        "--formula",
        "FD ~ Age",
        "--permutations",
        "50",
        "--exchange",
        "within=a",
        "--exchange",
        "none"
    )]
    [InlineData(
        "can be combined",
        "--model",
        "lm",
        "--formula",
        "FD ~ Age",
        "--permutations",
        "9",
        "--exchange",
        "within=a",
        "--exchange",
        "within=b"
    )]
    [InlineData("'pal.txt'; a whole number from 2 to", "--model", "lm", "--formula", "FD ~ Age", "--permutations", "pal.txt")]
    [InlineData("from 2 to 1048576", "--model", "lm", "--formula", "FD ~ Age", "--permutations", "1")]
    [InlineData(
        "belongs to --enhance cluster; this is",
        "--model",
        "lm",
        "--formula",
        "FD ~ Age",
        "--permutations",
        "9",
        "--enhance",
        "tfce",
        "--cluster-z",
        "2"
    )]
    [InlineData("--enhance cfe needs", "--model", "lm", "--formula", "FD ~ Age", "--permutations", "9", "--enhance", "cfe")]
    public void A_wrong_value_is_reported_with_what_was_expected(string words, params string[] line) =>
        Should.Throw<UsageException>(() => Spec(line)).Message.ShouldContain(words);

    [Fact]
    public void Permutation_tests_have_defaults_and_what_is_given()
    {
        string[] line = ["--model", "lm", "--formula", "FD ~ Age"];
        Spec(line).Model.Permutation.ShouldBeNull();
        Spec([.. line, "--permutations", "500"]).Model.Permutation.ShouldBe(new() { Count = 500 });
        var given = Spec([
            .. line,
            .. "--permutations 500 --perm-seed 7 --perm-method dekker --errors both --exchange within=site --exchange whole=family".Split(
                ' '
            ),
            .. "--variance-groups site --perm-missing pattern --fwe-over contrasts --tail gpd --alternative less".Split(' '),
            .. "--enhance cluster --cluster-stat mass --batch-memory 64M".Split(' '),
        ]);
        given.Model.Permutation.ShouldBe(
            new()
            {
                Count = 500,
                Seed = 7,
                Method = "dekker",
                Errors = "both",
                Within = "site",
                Whole = "family",
                VarianceGroups = "site",
                Missing = PermutationSpec.Pattern,
                FweOverContrasts = true,
                Tail = "gpd",
                Alternative = PermutationSpec.Less,
            }
        );
        // R's spelling of the default, too.
        foreach (var (word, side) in new[] { ("two-sided", null), ("two.sided", null), ("greater", PermutationSpec.Greater) })
            Spec([.. line, "--permutations", "50", "--alternative", word])
                .Model.Permutation.ShouldBe(new() { Count = 50, Alternative = side });
        given.Model.Enhancement.ShouldBe(
            new()
            {
                Enhance = "cluster",
                Neighbours = 6,
                ClusterZ = 3.1,
                ClusterStat = "mass",
            }
        );
        given.BatchMemory.ShouldBe(64L << 20);
        Spec([.. line, .. "--permutations 50 --enhance tfce --tfce-like fsl --neighbours 26".Split(' ')])
            .Model.Enhancement.ShouldBe(
                new()
                {
                    Enhance = "tfce",
                    TfceLike = "fsl",
                    Neighbours = 26,
                }
            );
        var plain = Spec([.. line, .. "--permutations 50 --tail none --fwe-over elements --enhance none".Split(' ')]).Model;
        (plain.Permutation, plain.Enhancement).ShouldBe((new() { Count = 50 }, null));
        var file = ContrastsFileTests.Path("fsl.con");
        Spec([.. line, "--permutations-file", file]).Model.Permutation!.File.ShouldBe(file);
        Spec([.. line, "--permutations", "50", "--exchange", file]).Model.Permutation!.Blocks.ShouldBe(file);
        Spec([.. line, "--permutations", "50", "--exchange", "none"]).Model.Permutation!.IgnoresRepeats.ShouldBeTrue();
    }

    [Theory]
    [InlineData("--method", "REML")]
    [InlineData("--weights", "w")]
    public void An_option_that_an_element_without_a_model_cannot_use_is_refused(params string[] given)
    {
        var options = new ModelOptions();
        var command = new Command("element");
        options.AddToElement(command);
        var parsed = command.Parse(["--data", "d.h5", "--phenotypes", "c.csv", .. given]);
        Should
            .Throw<UsageException>(() => options.ToElementSpec(parsed))
            .Message.ShouldSatisfyAllConditions(
                words => words.ShouldContain(given[0]),
                words => words.ShouldContain("there is no --model")
            );
    }

    /// <summary>The spec of a typed command line, with data and cohort where it has none.</summary>
    internal static RunSpec Spec(params string[] line)
    {
        var options = new ModelOptions();
        var command = new Command("run");
        options.AddTo(command);
        if (line.Contains("--data"))
            line = [.. line, "--phenotypes", "c.csv"];
        else if (line.Contains("--phenotypes"))
            line = [.. line, "--data", "d.h5"];
        else
            line = ["--data", "d.h5", "--phenotypes", "c.csv", .. line];
        var parsed = command.Parse(line);
        return parsed.Errors is [var wrong, ..] ? throw new UsageException(wrong.Message) : options.ToSpec(parsed);
    }
}
