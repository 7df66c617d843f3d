using System.Globalization;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Custom;

/// <summary>The verb that shows one element, for developing a function.</summary>
public sealed class ElementVerbTests : IDisposable
{
    private readonly Study _study = new(elements: 200);

    [Fact]
    public void Its_table_is_what_R_makes_the_functions_data_of()
    {
        File.WriteAllText(_study.Combine("element.csv"), Element("--id", "4").ShouldSucceed().Output);
        using var r = Running.Start(
            "Rscript",
            [
                "--no-init-file",
                "-e",
                $"d <- read.csv('{_study.Combine("element.csv")}'); f <- source('{CustomRun.Function("site_anova.R")}')$value; "
                    + "set.seed(1000006); cat(format(f(d)$Age.F, digits = 17))",
            ]
        );
        var alone = r.Wait().ShouldSucceed().Output;
        var shown = Element("--id", "4", "--function", CustomRun.Function("site_anova.R")).ShouldSucceed().Output;
        var line = shown.Split('\n').Single(line => line.StartsWith("Age.F", StringComparison.Ordinal));
        double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
            .ShouldBe(double.Parse(alone, CultureInfo.InvariantCulture));
        shown.ShouldContain("200 elements in about");
        shown.ShouldContain("R version");
    }

    [Fact]
    public void Only_subjects_that_are_finite_are_shown()
    {
        var lines = Element("--id", "8").ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("subject_id,scalar_name,source_file,Age,sex,motion,FD");
        lines.Length.ShouldBe(1 + 5);
    }

    [Fact]
    public void The_functions_error_is_reported()
    {
        File.WriteAllText(_study.Combine("bad.R"), "bad <- function(data) stop('no good reason')\n");
        Element("--id", "1", "--function", _study.Combine("bad.R")).ShouldEndWith(3).ShouldSay("no good reason");
        Element("--id", "201").ShouldEndWith(3).ShouldSay("elements 1 to 200", "counted from 1");
        Element("--id", "0").ShouldEndWith(2).ShouldSay("element_id 0 of the results is --id 1");
        Element("--id", "8", "--function", _study.Combine("bad.R")).ShouldEndWith(3).ShouldSay("too few subjects");
    }

    public void Dispose() => _study.Dispose();

    private Finished Element(params string[] more) =>
        HpcFitProgram.Run(["element", "--data", _study.Data, "--phenotypes", _study.Cohort, .. more]);
}
