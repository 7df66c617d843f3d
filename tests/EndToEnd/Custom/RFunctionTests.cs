using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Custom;

/// <summary>A function in R gives what R alone gives, to the bit, however the work is cut.</summary>
public sealed class RFunctionTests(RFunctionTests.Baseline baseline) : IClassFixture<RFunctionTests.Baseline>
{
    [Fact]
    public void Every_element_has_the_bits_of_R_alone()
    {
        var run = baseline.Run;
        File.WriteAllText(run.Study.Combine("sources"), Python.Run("dump_scalar.py", run.Study.Data, "FD", run.Study.Combine("values")).ShouldSucceed().Output);
        using var alone = Running.Start("Rscript", ["--no-init-file", CustomRun.Function("alone.R"), CustomRun.Function("site_anova.R"), run.Study.Cohort,
            run.Study.Combine("sources"), run.Study.Combine("values"), run.Study.Combine("alone")]);
        alone.Wait().ShouldSucceed();

        var expected = Doubles(File.ReadAllBytes(run.Study.Combine("alone")));
        var results = baseline.Results;
        results.Names.ShouldBe(["element_id", "Age.F", "Age.p", "sex.F", "sex.p", "se", "n"]);
        var rows = expected.Length / results.Names.Count;
        rows.ShouldBe(results.Rows - 2, "two elements have too few subjects");
        for (var row = 0; row < rows; row++)
        {
            var element = (int)expected[row * results.Names.Count];
            for (var column = 0; column < results.Names.Count; column++)
                BitConverter.DoubleToInt64Bits(results.Columns[column][element]).ShouldBe(BitConverter.DoubleToInt64Bits(expected[(row * results.Names.Count) + column]), $"{results.Names[column]} of element {element}");
        }
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

    private static double[] Doubles(byte[] bytes)
    {
        var values = new double[bytes.Length / sizeof(double)];
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return values;
    }
}
