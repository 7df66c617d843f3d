using System.Text.Json;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Reports;

/// <summary>Values of single subjects are in a report only if they are requested, and are those of file and cohort.</summary>
public sealed class SubjectValueTests(Browser browser) : IClassFixture<Browser>
{
    private const int BadInput = 3;

    [Fact]
    public async Task Requested_values_are_drawn_with_a_warning_and_others_are_nowhere()
    {
        using var study = new Study();
        HpcFitProgram.Run(study.Lm("FD ~ Age + sex", "lm")).ShouldSucceed();
        var (with, without) = (study.Combine("with.html"), study.Combine("without.html"));
        HpcFitProgram.Run("report", study.Data, "lm", "--with-subject-values", "--output", with).ShouldSucceed();
        HpcFitProgram.Run("report", study.Data, "lm", "--output", without).ShouldSucceed();

        await using var page = await browser.Open(with);
        page.ShouldBeQuiet();
        (await page.Text("header .warning")).ShouldContain("measurements of single subjects");
        var title = await page.Text("#term-0-0 .subjects h4");
        (await page.Text("#term-0-0 .subjects figcaption")).ShouldStartWith("FD of 60 subjects against Age");
        var dots = await page.Evaluate<double[][]>(
            "[...document.querySelector('#term-0-0 .subjects svg').querySelectorAll('circle')].map(c => [+c.getAttribute('cx'), "
                + "+c.getAttribute('cy')])"
        );
        var expected = JsonSerializer.Deserialize<double[][]>(
            Python.Run("reports/subject_values.py", study.Data, study.Cohort, "Age", "FD", title.Split(' ')[^1]).ShouldSucceed().Output
        )!;
        dots.Length.ShouldBe(60);
        // Positions are linear functions of the values, as two of them determine.
        foreach (var axis in (int[])[0, 1])
        {
            var (first, last) = (Extreme(expected, axis, least: true), Extreme(expected, axis, least: false));
            var slope = (dots[last][axis] - dots[first][axis]) / (expected[last][axis] - expected[first][axis]);
            for (var subject = 0; subject < 60; subject++)
                dots[subject]
                    [axis]
                    .ShouldBe(dots[first][axis] + (slope * (expected[subject][axis] - expected[first][axis])), 0.02, $"subject {subject}");
        }
        (await page.Text("#term-0-1 .subjects figcaption")).ShouldContain("0: F, 1: M");
        await using var bare = await browser.Open(without);
        (await bare.Text("body")).ShouldNotContain("single subjects");
        (await bare.Evaluate<int>("document.querySelectorAll('.subjects').length")).ShouldBe(0);
    }

    [Fact]
    public void What_the_results_do_not_determine_is_refused()
    {
        using var study = new Study();
        HpcFitProgram.Run([.. study.Lm("FD ~ Age", "some"), "--subset", "Age > 10"]).ShouldSucceed();
        HpcFitProgram.Run(study.Lm("FD ~ Age", "all")).ShouldSucceed();
        Finished Report(string analysis) =>
            HpcFitProgram.Run("report", study.Data, analysis, "--with-subject-values", "--output", study.Combine("refused.html"));

        Report("some").ShouldEndWith(BadInput).ShouldSay("'some'", "--subset 'Age > 10'", "Leave out --with-subject-values");
        File.AppendAllText(study.Cohort, "\n");
        Report("all").ShouldEndWith(BadInput).ShouldSay("cohort.csv", "has been changed since the run");
        File.Delete(study.Cohort);
        Report("all").ShouldEndWith(BadInput).ShouldSay("no longer there");
        File.Exists(study.Combine("refused.html")).ShouldBeFalse();
    }

    private static int Extreme(double[][] points, int axis, bool least) =>
        Enumerable.Range(0, points.Length).MinBy(at => least ? points[at][axis] : -points[at][axis]);
}
