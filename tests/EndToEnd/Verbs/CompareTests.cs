using System.Text.Json;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Verbs;

/// <summary>Comparisons of models: R's numbers, and refusals of what cannot be compared.</summary>
public sealed class CompareTests(ComparedStudies studies) : IClassFixture<ComparedStudies>
{
    private const int Usage = 2;
    private const int BadInput = 3;

    /// <summary>lm agrees with R to 1e-9; differences of AIC lose some digits.</summary>
    private const double OfLm = 1e-8;

    /// <summary>Where a smooth is a straight line, mgcv stops at an effective degree of freedom slightly above 1.</summary>
    private const double OfGam = 1e-3;

    private static readonly string[] Columns = ["delta.AIC", "delta.BIC", "test.df", "test.df.residual", "test.statistic", "test.p.value"];

    public static TheoryData<string> Cases => [.. ComparisonCase.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_comparison_is_that_of_R(string name)
    {
        var one = ComparisonCase.All.Single(other => other.Name == name);
        var (data, a, b) = (one.Fields[1], Fit(one, 2, 5), Fit(one, 3, 6));
        HpcFitProgram
            .Run("compare", studies.Data(data), a, b, "--test", one.Fields[8], "--analysis", "compared", "--overwrite")
            .ShouldSucceed();
        var table = ResultsTable.Read(studies.Data(data), "compared");
        var (tolerance, floor) = one.Fields[6] == "gam" ? (OfGam, 0.5) : (OfLm, 1e-3);
        foreach (var (element, expected) in one.Expected)
        {
            for (var column = 0; column < Columns.Length; column++)
            {
                if (!table.Names.Contains(Columns[column]))
                {
                    expected[column].ShouldBe(double.NaN);
                    continue;
                }
                var value = table[Columns[column]][element];
                var place = $"{name}, element {element}, {Columns[column]}: {value} instead of {expected[column]}";
                double.IsNaN(value).ShouldBe(double.IsNaN(expected[column]), place);
                if (!double.IsNaN(value))
                    Math.Abs(value - expected[column])
                        .ShouldBeLessThanOrEqualTo(tolerance * Math.Max(floor, Math.Abs(expected[column])), place);
            }
        }
    }

    [Fact]
    public void Counts_and_correction_are_those_of_all_elements()
    {
        var (a, b) = (studies.Fit("clean", "lm", "FDC ~ Age"), studies.Fit("clean", "lm", "FDC ~ Age + sex"));
        using var json = JsonDocument.Parse(
            HpcFitProgram
                .Run("compare", studies.Data("clean"), a, b, "--json", "--analysis", "counted", "--overwrite")
                .ShouldSucceed()
                .Output
        );
        var (root, table) = (json.RootElement, ResultsTable.Read(studies.Data("clean"), "counted"));
        root.GetProperty("format").GetInt32().ShouldBe(1);
        root.GetProperty("compared").GetInt32().ShouldBe(150);
        root.GetProperty("aic").GetProperty("betterB").GetInt32().ShouldBe(table["delta.AIC"].Count(value => value < 0));
        root.GetProperty("bic").GetProperty("betterA").GetInt32().ShouldBe(table["delta.BIC"].Count(value => value > 0));
        var test = root.GetProperty("test");
        test.GetProperty("nested").GetString().ShouldBe(a);
        test.GetProperty("significant").GetInt32().ShouldBe(table["test.p.value"].Count(p => p < 0.05));
        var corrected = table["test.p.value.fdr"];
        test.GetProperty("significantFdr").GetInt32().ShouldBe(corrected.Count(p => p < 0.05));
        // Benjamini and Hochberg: the minimum over all larger p of n p / rank.
        double[] sorted = [.. table["test.p.value"].Order()];
        for (var i = 0; i < corrected.Length; i++)
        {
            var expected = Enumerable
                .Range(0, sorted.Length)
                .Where(at => sorted[at] >= table["test.p.value"][i])
                .Min(at => sorted[at] * 150 / (at + 1));
            corrected[i].ShouldBe(Math.Min(1, expected), 1e-12);
        }
        HpcFitProgram
            .Run("inspect", studies.Data("clean"), "counted")
            .ShouldSucceed()
            .Output.ShouldSatisfyAllConditions(
                text => text.ShouldContain("FDC ~ Age, FDC ~ Age + sex"),
                text => text.ShouldContain($"nested = {a}"),
                text => text.ShouldContain("Fitted: 150")
            );
    }

    [Fact]
    public void Elements_of_other_subjects_are_not_compared()
    {
        var (a, b) = (studies.Fit("two_scalars", "lm", "FD ~ Age"), studies.Fit("two_scalars", "lm", "FD ~ Age + T1w"));
        var output = HpcFitProgram
            .Run("compare", studies.Data("two_scalars"), a, b, "--analysis", "others", "--overwrite")
            .ShouldSucceed()
            .Output;
        var table = ResultsTable.Read(studies.Data("two_scalars"), "others");
        var (one, other) = (ResultsTable.Read(studies.Data("two_scalars"), a), ResultsTable.Read(studies.Data("two_scalars"), b));
        var differ = Enumerable.Range(0, one.Rows).Where(row => one["model.nobs"][row] != other["model.nobs"][row]).ToList();
        differ.ShouldNotBeEmpty();
        foreach (var row in differ)
            Columns.ShouldAllBe(column => double.IsNaN(table[column][row]));
        output.ShouldContain($"{differ.Count} used other subjects in B");
    }

    /// <summary>R 4.2: anova(a, b, test = "F") of glm with Gamma("log"), and test = "LRT" with binomial, at element 0.</summary>
    [Fact]
    public void Families_are_compared_by_the_test_of_their_dispersion()
    {
        string Lm(string formula, params string[] more) => studies.Fit("clean", "lm", formula, more);
        string[] gamma = ["--family", "Gamma", "--link", "log"],
            binomial = ["--family", "binomial"],
            quasi = ["--family", "quasibinomial"];
        var (a, b) = (Lm("FDC ~ Age", gamma), Lm("FDC ~ Age + sex", gamma));
        Compared(a, b, 1.68861871223, 0.32327185277, 0.571735328716);
        var (c, d) = (Lm("(FDC > 0.299) ~ Age", binomial), Lm("(FDC > 0.299) ~ Age + sex", binomial));
        Compared(c, d, 1.99275332775, 0.00724667225278, 0.932160116552);
        Refused(["dispersion of the family binomial is 1", "--test LRT"], c, d, "--test", "F");
        Refused(["dispersion of the family Gamma is estimated", "--test F"], a, b, "--test", "LRT");
        Refused(["Gamma(log)", "gaussian", "--criteria-only"], a, Lm("FDC ~ Age + sex"));
        HpcFitProgram.Run("compare", studies.Data("clean"), a, Lm("FDC ~ Age + sex"), "--criteria-only").ShouldSucceed();
        Refused(["no likelihood"], Lm("(FDC > 0.299) ~ Age", quasi), Lm("(FDC > 0.299) ~ Age + sex", quasi), "--criteria-only");

        void Compared(string one, string other, double aic, double statistic, double p)
        {
            HpcFitProgram.Run("compare", studies.Data("clean"), one, other, "--analysis", "families", "--overwrite").ShouldSucceed();
            var table = ResultsTable.Read(studies.Data("clean"), "families");
            table["delta.AIC"][0].ShouldBe(aic, 1e-7);
            table["test.statistic"][0].ShouldBe(statistic, 1e-8);
            table["test.p.value"][0].ShouldBe(p, 1e-8);
        }
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_with_a_reason()
    {
        string Lm(string formula, params string[] more) => studies.Fit("clean", "lm", formula, more);
        string Gam(string formula, params string[] more) => studies.Fit("clean", "gam", formula, more);
        var age = Lm("FDC ~ Age");
        Refused(["Neither model is nested", "only", "'Age'", "'motion'", "--criteria-only"], age, Lm("FDC ~ motion"));
        Refused(["same terms"], age, Lm("FDC ~ Age", "--num-subj-lthr-abs", "11"));
        Refused(["other responses", "log(FDC)"], age, Lm("log(FDC) ~ Age + sex"));
        Refused(["other weights", "'none' and 'w'"], age, Lm("FDC ~ Age + sex", "--weights", "w"));
        Refused(["subset"], age, Lm("FDC ~ Age + sex", "--subset", "motion < 0.5"));
        Refused(["other offsets"], age, Lm("FDC ~ Age + sex + offset(IQ/1000)"));
        Refused(
            ["other definitions of columns", "x=Age^2"],
            Lm("FDC ~ x", "--column", "x=Age^2"),
            Lm("FDC ~ x + sex", "--column", "x=Age^3")
        );
        Refused(["other elements"], age, Lm("FDC ~ Age + sex", "--element-subset", "1:40"));
        Refused(
            ["lacks model.BIC, model.nobs", "--var-model", "--full-outputs"],
            age,
            Lm("FDC ~ Age + sex", "--var-model", "AIC,deviance,df.residual")
        );
        Refused(
            ["different fixed effects", "--method ML"],
            Gam("FDC ~ s(Age, k = 4)", "--method", "REML"),
            Gam("FDC ~ s(Age, k = 4) + sex", "--method", "REML")
        );
        Refused(["Neither model is nested", "s(Age,k=4)"], Gam("FDC ~ s(Age, k = 4)"), Gam("FDC ~ s(Age, k = 6) + sex"));
        Refused(["no analysis 'nothing'"], age, "nothing");
        var sum = Lm("FDC ~ sex", "--contrasts", "sex=contr.sum");
        Refused(["nested"], Lm("FDC ~ Age + motion"), sum);
        HpcFitProgram.Run("compare", studies.Data("clean"), age, age).ShouldEndWith(Usage).ShouldSay("both");
        HpcFitProgram
            .Run("compare", studies.Data("clean"), age, sum, "--analysis", age)
            .ShouldEndWith(BadInput)
            .ShouldSay("Choose another name");
    }

    [Fact]
    public void Criteria_need_no_nested_models()
    {
        var (a, b) = (studies.Fit("clean", "lm", "FDC ~ Age"), studies.Fit("clean", "lm", "FDC ~ motion"));
        HpcFitProgram
            .Run("compare", studies.Data("clean"), a, b, "--criteria-only", "--analysis", "criteria", "--overwrite")
            .ShouldSucceed();
        ResultsTable.Read(studies.Data("clean"), "criteria").Names.ShouldBe(["element_id", "delta.AIC", "delta.BIC"]);
    }

    [Fact]
    public void Analyses_without_a_record_need_a_statement()
    {
        var (a, b) = (studies.Fit("clean", "lm", "FDC ~ Age"), studies.Fit("clean", "lm", "FDC ~ Age + sex"));
        var data = studies.Data("clean");
        Python.Run("strip_record.py", data, a, "stripped").ShouldSucceed();
        Refused(["'stripped' has no record", "--assume-nested"], "stripped", b);
        var compared = HpcFitProgram.Run("compare", data, "stripped", b, "--assume-nested").ShouldSucceed();
        compared.ShouldSay("'stripped' has no record of its fit: that both used the same subjects is your statement.");
        string Test(string text) => text.Split('\n').Single(line => line.StartsWith("F test", StringComparison.Ordinal)).Split(';')[0];
        Test(compared.Output).ShouldBe(Test(HpcFitProgram.Run("compare", data, a, b).ShouldSucceed().Output));
    }

    /// <summary>R: lme4's anova of two fits by ML, with optCtrl = list(rhoend = 1e-10).</summary>
    [Fact]
    public void Mixed_models_are_compared_by_likelihoods()
    {
        double[][] expected =
        [
            [0.09578497, 4.413551, 2, 3.904215, 0.1419745],
            [2.006031, 6.323797, 2, 1.993969, 0.3689904],
            [-1.700634, 2.617133, 2, 5.700634, 0.057826],
        ];
        var (a, b) = (
            studies.Fit("clean", "lmm", "FDC ~ Age + (1 | site)", "--ml"),
            studies.Fit("clean", "lmm", "FDC ~ Age + sex + motion + (1 | site)", "--ml")
        );
        HpcFitProgram
            .Run("compare", studies.Data("clean"), a, b, "--analysis", "mixed")
            .ShouldSucceed()
            .Output.ShouldContain($"'{a}' is nested");
        var table = ResultsTable.Read(studies.Data("clean"), "mixed");
        string[] columns = ["delta.AIC", "delta.BIC", "test.df", "test.statistic", "test.p.value"];
        for (var element = 0; element < expected.Length; element++)
        for (var column = 0; column < columns.Length; column++)
            table[columns[column]][element].ShouldBe(expected[element][column], 2e-6, columns[column]);

        Refused(["by the likelihood ratio"], a, b, "--test", "F");
        Refused(["is a mixed model", "--test-random"], a, studies.Fit("clean", "lm", "FDC ~ Age"));
        var byReml = studies.Fit("clean", "lmm", "FDC ~ Age + (1 | site)");
        Refused(["by REML and", "--ml"], a, byReml);
        Refused(
            ["different fixed effects", "--ml"],
            byReml,
            studies.Fit("clean", "lmm", "FDC ~ Age + sex + (1 | site)"),
            "--criteria-only"
        );
        var crossed = studies.Fit("clean", "lmm", "FDC ~ Age + (1 | site) + (1 | group_code)", "--ml");
        HpcFitProgram.Run("compare", studies.Data("clean"), a, crossed).ShouldSucceed().ShouldSay("has more random effects");
    }

    [Fact]
    public void Additive_mixed_models_are_compared_by_criteria()
    {
        string Fit(string formula, params string[] more) => studies.Fit("clean", "gamm", formula, ["--element-subset", "1:20", .. more]);
        var (a, b) = (Fit("FDC ~ s(Age, k=4) + (1 | site)", "--ml"), Fit("FDC ~ s(Age, k=4) + sex + (1 | site)", "--ml"));
        HpcFitProgram
            .Run("compare", studies.Data("clean"), a, b, "--criteria-only", "--analysis", "additive")
            .ShouldSucceed()
            .Output.ShouldContain("AIC");
        Refused(["--criteria-only"], a, b);
        Refused(
            ["different fixed effects", "--ml"],
            Fit("FDC ~ s(Age, k=4) + (1 | site)"),
            Fit("FDC ~ s(Age, k=4) + sex + (1 | site)"),
            "--criteria-only"
        );
        Refused(["another definition"], a, studies.Fit("clean", "lmm", "FDC ~ Age + (1 | site)", "--ml"), "--criteria-only");
    }

    private string Fit(ComparisonCase one, int formula, int engine) =>
        studies.Fit(
            one.Fields[1],
            one.Fields[engine],
            one.Fields[formula],
            [
                .. one.Fields[4].Length > 0 ? ["--weights", one.Fields[4]] : Array.Empty<string>(),
                .. one.Fields[engine] == "gam" ? ["--method", one.Fields[7]] : Array.Empty<string>(),
            ]
        );

    private void Refused(string[] words, string a, string b, params string[] more) =>
        HpcFitProgram.Run(["compare", studies.Data("clean"), a, b, .. more]).ShouldEndWith(BadInput).ShouldSay(words);
}
