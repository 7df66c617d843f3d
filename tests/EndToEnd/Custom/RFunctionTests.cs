using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Custom;

/// <summary>A function in R gives the same bits as in R alone, for every division into jobs.</summary>
public sealed class RFunctionTests(RFunctionTests.Baseline baseline) : IClassFixture<RFunctionTests.Baseline>
{
    [Fact]
    public void Every_element_has_the_bits_of_R_alone()
    {
        baseline.Results.Names.ShouldBe(["element_id", "Age.F", "Age.p", "sex.F", "sex.p", "se", "n"]);
        FunctionAlone.ShouldHaveGiven(
            baseline.Run,
            baseline.Results,
            "Rscript",
            "--no-init-file",
            CustomRun.Function("alone.R"),
            CustomRun.Function("site_anova.R")
        );
    }

    [Fact]
    public void Elements_with_too_few_subjects_are_not_shown_to_the_function()
    {
        baseline.Results["Age.F"][7].ShouldBe(double.NaN);
        baseline.Results["element_id"][7].ShouldBe(7);
        baseline.Said.ShouldContain("2 TooFewSubjects");
    }

    [Fact]
    public void Any_partition_gives_the_same_bits_random_numbers_included()
    {
        baseline.Run.Fit("many", "site_anova.R", "--workers", "2", "--threads", "1", "--jobs", "3").ShouldSucceed();
        baseline.Run.Results("many").ShouldHaveTheSameBitsAs(baseline.Results);
    }

    [Fact]
    public void Another_seed_gives_other_random_numbers_and_the_same_statistics()
    {
        baseline.Run.Fit("seed", "site_anova.R", "--seed", "2", "--element-subset", "1:40").ShouldSucceed();
        var other = baseline.Run.Results("seed");
        other["Age.F"][..7].ShouldBe(baseline.Results["Age.F"][..7]);
        other["se"][..7].ShouldNotBe(baseline.Results["se"][..7]);
    }

    [Fact]
    public void R_s_lm_agrees_with_the_lm_engine()
    {
        var (run, output) = (baseline.Run, baseline.Run.Output("engine"));
        run.Fit("terms", "lm_terms.R").ShouldSucceed();
        HpcFitProgram
            .Run(
                run.Study.Lm("FD ~ Age + sex", "engine", "--full-outputs", "--output", output, "--run-dir", run.Study.Combine("run-engine"))
            )
            .ShouldSucceed();
        var (ofR, ofEngine) = (run.Results("terms"), ResultsTable.Read(output, "engine"));

        ofR.Names.ShouldBe([
            "element_id",
            .. from term in (string[])["Intercept", "Age", "sexM"]
            from statistic in (string[])["estimate", "std.error", "statistic", "p.value"]
            select $"{term}.{statistic}",
        ]);
        ofR.Rows.ShouldBe(ofEngine.Rows);
        ofR["Age.p.value"].Count(double.IsFinite).ShouldBe(ofR.Rows - 2);
        foreach (var name in ofR.Names)
        {
            foreach (var (element, (expected, actual)) in ofR[name].Zip(ofEngine[name]).Index())
            {
                if (double.IsNaN(expected))
                    double.IsNaN(actual).ShouldBeTrue($"{name} of element {element}: {actual:R}");
                else
                    Math.Abs(actual - expected)
                        .ShouldBeLessThanOrEqualTo(1e-9 * Math.Abs(expected), $"{name} of element {element}: {actual:R} and {expected:R}");
            }
        }
    }

    // ModelArray re-exports magrittr's pipe.
    [Fact]
    public void A_function_written_with_ModelArrays_pipes_runs_as_it_is()
    {
        baseline.Run.Fit("pipes", "pipes.R", "--element-subset", "1:40").ShouldSucceed();
        var results = baseline.Run.Results("pipes");
        results.Names.ShouldBe(["element_id", "FD_F", "FD_M", "sex.statistic", "Age.statistic", "sex.p.value", "Age.p.value"]);
        results["Age.p.value"].Count(p => p is > 0 and < 1).ShouldBeGreaterThan(30);
        baseline.Run.Fit("pipe", "pipe_alone.R", "--element-subset", "1:40").ShouldSucceed();
        baseline.Run.Results("pipe")["sd"].Count(double.IsFinite).ShouldBeGreaterThan(30);
    }

    /// <summary>One run with one interpreter.</summary>
    public sealed class Baseline : IDisposable
    {
        public Baseline()
        {
            Said = Run.Fit("baseline", "site_anova.R", "--workers", "1", "--threads", "1").ShouldSucceed().Output;
            Results = Run.Results("baseline");
        }

        internal CustomRun Run { get; } = new(elements: 600);

        internal ResultsTable Results { get; }

        internal string Said { get; }

        public void Dispose() => Run.Dispose();
    }
}
