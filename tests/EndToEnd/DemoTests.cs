using System.Text.RegularExpressions;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>The demo, which new users see first.</summary>
public sealed partial class DemoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_finds_the_simulated_effects_and_can_be_run_again()
    {
        var demo = _folder.Combine("a demo");
        var first = HpcFitProgram.Run("demo", demo).ShouldSucceed();
        foreach (
            var text in (string[])
                [
                    "20,000 fixels of 200 subjects",
                    $"$ hpcfit run --model lm --data \"{demo}/data.h5\"",
                    "jobs       2, over",
                    "by 2 workers",
                    "Next:",
                ]
        )
            first.Output.ShouldContain(text);

        // The table shows only true effects, and the estimated slopes are near the simulated ones.
        var rows = TableRow()
            .Matches(first.Output)
            .Select(match => (Slope: double.Parse(match.Groups[1].Value), Truth: double.Parse(match.Groups[2].Value)))
            .ToList();
        rows.Count.ShouldBe(8);
        rows.ShouldAllBe(row => row.Truth != 0 && Math.Abs(row.Slope - row.Truth) < 0.01);

        // fdr at 0.05 works as intended: of the effects found, about a twentieth at most are false.
        var (found, mistaken) = Counts(first.Output);
        found.ShouldBeGreaterThan(450);
        (mistaken / (double)(found + mistaken)).ShouldBeLessThan(0.08);

        Counts(HpcFitProgram.Run("demo", demo).ShouldSucceed().Output).ShouldBe((found, mistaken));
    }

    [Fact]
    public void Repeated_sessions_are_fitted_by_a_mixed_model()
    {
        var demo = _folder.Combine("sessions");
        var output = HpcFitProgram.Run("demo", demo, "--study", "longitudinal").ShouldSucceed().Output;
        output.ShouldContain("225 sessions of 90 participants");
        output.ShouldContain("+ (1 | subject_id)");
        var (found, mistaken) = Counts(output);
        found.ShouldBeGreaterThan(250);
        (mistaken / (double)(found + mistaken)).ShouldBeLessThan(0.08);
        var within = output.Split('\n').Single(line => line.Contains("--within-between", StringComparison.Ordinal));
        within.ShouldContain("Age_within + Age_between");
    }

    [Fact]
    public void It_does_not_touch_a_folder_that_it_did_not_make()
    {
        File.WriteAllText(_folder.Combine("data.h5"), "the only copy");
        HpcFitProgram.Run("demo", _folder.Path).ShouldEndWith(3).ShouldSay(_folder.Path, "hpcfit demo FOLDER");
        File.ReadAllText(_folder.Combine("data.h5")).ShouldBe("the only copy");
    }

    private static (int Found, int Mistaken) Counts(string output)
    {
        var match = Found().Match(output);
        match.Success.ShouldBeTrue(output);
        return (int.Parse(match.Groups[1].Value), int.Parse(match.Groups[2].Value));
    }

    [GeneratedRegex(@"^ +\d+ +(-?0\.\d{4}) +(-?0\.\d{3}) +\d\.\dE-\d+ +\d\.\dE-\d+$", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"(\d+) of the 900 fixels with an effect, and (\d+) of the 19,100 without")]
    private static partial Regex Found();
}
