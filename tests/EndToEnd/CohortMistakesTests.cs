using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>Cohorts and models that would give misleading numbers: reported before the fit, or before the write.</summary>
public sealed class CohortMistakesTests : IDisposable
{
    private const int BadInput = 3;

    private readonly Study _study = new(elements: 200, subjects: 40);

    public void Dispose() => _study.Dispose();

    [Fact]
    public void A_text_among_numbers_stops_the_run_until_it_is_declared_missing()
    {
        ReplaceAge(row: 3, "#N/A");
        Run("FD ~ Age + sex")
            .ShouldEndWith(BadInput)
            .ShouldSay("'Age'", "'#N/A' (row 3)", "--na-strings '#N/A'", "--column 'Age=as.numeric(Age)'");
        File.Exists(_study.Combine("out.h5")).ShouldBeFalse();
        Run("FD ~ sex").ShouldSucceed();
        Run("FD ~ Age + sex", "--overwrite", "--na-strings", "#N/A", "--full-outputs").ShouldSucceed();
        ResultsTable.Read(_study.Combine("out.h5"), "a").Names.ShouldContain("Age.estimate");
    }

    [Fact]
    public void Cells_that_a_conversion_makes_missing_are_reported_and_the_run_continues()
    {
        ReplaceAge(row: 5, "unknown");
        Run("FD ~ Age + sex", "--column", "Age=as.numeric(Age)").ShouldSucceed().ShouldSay("'unknown' (row 5)");
    }

    [Fact]
    public void A_run_without_a_fit_is_not_written()
    {
        ReplaceAge(row: 3, "NA");
        Run("FD ~ factor(Age)").ShouldEndWith(BadInput).ShouldSay("No element was fitted", "NoResidualDegreesOfFreedom");
        Run("I(FD * 0) ~ Age")
            .ShouldEndWith(BadInput)
            .ShouldSay("No element was fitted", "ConstantResponse (status 3)", "TooFewSubjects (status 1)");
        File.Exists(_study.Combine("out.h5")).ShouldBeFalse();
    }

    [Fact]
    public void An_aliased_predictor_is_reported_before_and_after_the_run()
    {
        var finished = Run("FD ~ Age + I(12 * Age) + sex").ShouldSucceed();
        finished.ShouldSay("WRN I(12 * Age) is a linear combination of Age");
        finished.Output.ShouldContain("warning    I(12 * Age) is a linear combination of Age");
    }

    private void ReplaceAge(int row, string cell)
    {
        var lines = File.ReadAllLines(_study.Cohort);
        var age = Array.IndexOf(lines[0].Split(','), "Age");
        var cells = lines[row].Split(',');
        cells[age] = cell;
        lines[row] = string.Join(',', cells);
        File.WriteAllLines(_study.Cohort, lines);
    }

    private Finished Run(string formula, params string[] more) =>
        HpcFitProgram.Run(
            _study.Lm(
                formula,
                "a",
                ["--run-dir", _study.Combine($"run-{more.Length}-{formula.Length}"), "--output", _study.Combine("out.h5"), .. more]
            )
        );
}
